'use strict';

const $ = id => document.getElementById(id);
const drawn = new Map();
let phones = [], phone = null, chat = null;
let messages = [], next = 0, opening = null, watching = new AbortController();

// What a click on "Add the fault" sends, unless the text is edited. The API knows more; docs/simulator.md lists it.
const faults = {
  'Cut the connection now': { do: { cut: true } },
  'Stream error 515 (restart) now': { do: { streamError: { code: 515 } } },
  'Stream error 440 (replaced) now': { do: { streamError: { code: 440 } } },
  'Refuse the next login with 403': { do: { failure: { reason: 403 } } },
  'Lose the next message to it': { when: { tag: 'message' }, do: { drop: true } },
  'Deliver the next message twice': { when: { tag: 'message' }, do: { duplicate: true } },
  'Make the next message unreadable': { when: { tag: 'message' }, do: { corrupt: true } },
  'Hold the next message for 5 s': { when: { tag: 'message' }, do: { delayMs: 5000 } },
  'Answer its next message with error 463': { when: { tag: 'message', direction: 'fromClient' }, do: { ackError: 463 } },
  'Show the next connection a wrong certificate': { do: { certificate: 'wrongRoot' } },
  'Fail the next download with 404': { do: { mediaStatus: 404 } }
};

function el(tag, className, ...content) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...content);
  return e;
}

function button(text, act) {
  const e = el('button', '', text);
  e.type = 'button';
  e.addEventListener('click', guarded(act));
  return e;
}

/** Fills an element anew only when what it shows has changed: focus and half-done clicks survive. */
function show(id, data, build) {
  const state = JSON.stringify(data);
  if (drawn.get(id) === state) return false;
  drawn.set(id, state);
  $(id).replaceChildren(...data.map(build));
  return true;
}

function say(text, bad) {
  $('notice').textContent = text;
  $('notice').className = bad ? 'bad' : '';
  clearTimeout(say.later);
  say.later = setTimeout(() => { $('notice').textContent = ''; }, bad ? 12000 : 4000);
}

async function call(method, path, body, signal) {
  const answer = await fetch(path, {
    method, signal, headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(json?.message ?? 'HTTP ' + answer.status);
  return json;
}

/** An event handler that does something, looks again, and says what went wrong. */
function guarded(act) {
  return async event => {
    event.preventDefault();
    const pressed = event.submitter ?? event.currentTarget;
    pressed.disabled = true;
    try { await act(); await refresh(); } catch (error) { say(error.message, true); } finally { pressed.disabled = false; }
  };
}

function own() {
  if (!phone) throw new Error('Make or choose a phone first.');
  return '/v1/phones/' + encodeURIComponent(phone);
}

const numberOf = jid => jid.split('@')[0];
const nameOf = number => phones.find(p => p.number === number)?.name || number;
const time = at => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function face(number) {
  const name = nameOf(number), e = el('span', 'face', /^\p{L}/u.test(name) ? [...name][0].toUpperCase() : '#');
  e.ariaHidden = 'true';
  e.style.setProperty('--hue', Number(number.slice(-4)) * 47 % 360);
  return e;
}

function line(number, below, act) {
  const e = button('', act);
  e.className = 'line';
  e.append(face(number), el('span', '', el('b', '', nameOf(number)), el('small', '', below)));
  return e;
}

function textOf(message) {
  const c = message.content;
  if (message.text !== undefined) return message.text;
  if (c.reactionMessage) return 'Reaction ' + (c.reactionMessage.text || '(taken back)');
  if (c.protocolMessage?.editedMessage) return 'Edited: ' + (c.protocolMessage.editedMessage.conversation ?? '');
  if (c.protocolMessage?.type === 'REVOKE') return 'A message was deleted';
  const inner = c[message.type] ?? {};
  return '[' + message.type + '] ' + (inner.caption ?? inner.name ?? inner.displayName ?? inner.fileName ?? '');
}

function ticks({ fromMe, receipts: r }) {
  return !fromMe ? '' : r.played ? ' ✓✓ played' : r.read ? ' ✓✓ read' : r.delivered ? ' ✓✓' : ' ✓';
}

function drawPhone() {
  const first = messages.find(m => m.id === opening);
  if (first) { chat = first.chat; opening = null; }
  const mine = phones.find(p => p.number === phone);
  const last = new Map();
  for (const m of messages) { last.delete(m.chat); last.set(m.chat, m); }
  $('owner').textContent = chat ? nameOf(numberOf(chat)) : mine ? mine.name || mine.number : 'No phone chosen';
  $('below').textContent = chat ? numberOf(chat) : mine ? mine.number + (mine.online ? '' : ' · offline') : 'Make one first';
  $('network').textContent = mine && !mine.online ? 'Go online' : 'Go offline';
  $('network').hidden = !mine || !!chat;
  for (const id of ['back', 'read', 'messages']) $(id).hidden = !chat;
  $('chats').hidden = !!chat;
  $('chats').nextElementSibling.hidden = !!chat || !mine;
  $('to-label').hidden = !!chat;
  $('send-to').required = !chat;
  $('send').hidden = !mine;
  show('numbers', phones.filter(p => p.number !== phone).map(p => [p.number, p.name]), ([number, name]) => {
    const option = el('option', '', name);
    option.value = number;
    return option;
  });
  show('chats', [...last.values()].reverse().map(m => [m.chat, nameOf(numberOf(m.chat)), m.seq, time(m.at), textOf(m)]), ([jid, , , at, text]) =>
    el('li', '', line(numberOf(jid), at + ' · ' + text, async () => { chat = jid; drawPhone(); $('send-text').focus(); })));
  const list = $('messages'), atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 60;
  const shown = messages.filter(m => m.chat === chat).slice(-200).map(m => [m.seq, textOf(m), time(m.at) + ticks(m), m.fromMe]);
  if (show('messages', shown, ([, text, below, fromMe]) => el('div', fromMe ? 'bubble mine' : 'bubble', text, el('small', '', below))) && atEnd)
    list.scrollTop = list.scrollHeight;
}

function choose(number) {
  phone = number; messages = []; next = 0; chat = null; opening = null;
  watching.abort();
  watching = new AbortController();
  drawPhone();
  if (phone) watch(watching.signal);
}

async function watch(signal) {
  while (!signal.aborted) {
    try {
      const page = await call('GET', own() + '/messages?wait=25&after=' + next, undefined, signal);
      if (signal.aborted) return;
      messages.push(...page.messages);
      messages.splice(0, Math.max(0, messages.length - 2000));
      next = page.next;
      drawPhone();
    } catch (error) {
      if (signal.aborted) return;
      say(error.message, true);
      await new Promise(done => setTimeout(done, 2000));
    }
  }
}

// A receipt changes a message that was told already: the newest unread ones are asked for again.
async function receipts() {
  const { signal } = watching, unread = messages.filter(m => m.fromMe && !m.receipts.read).slice(-200);
  if (!unread.length) return;
  const page = await call('GET', own() + '/messages?limit=1000&after=' + (unread[0].seq - 1));
  if (signal.aborted) return;
  const fresh = new Map(page.messages.map(m => [m.seq, m.receipts]));
  for (const m of messages) m.receipts = fresh.get(m.seq) ?? m.receipts;
}

async function refresh() {
  const [all, waiting, clients, set, violations] = await Promise.all(
    ['/v1/phones', '/v1/waiting', '/v1/clients', '/v1/faults', '/v1/violations'].map(path => call('GET', path)));
  phones = all;
  if (!phones.some(p => p.number === phone)) choose(phones[0]?.number ?? null);
  if (phone) await receipts();
  const mine = phones.find(p => p.number === phone);
  drawPhone();
  show('phones', phones.map(p => [p.number, p.name, p.online, p.devices.length, p.number === phone]), ([number, , online, devices, chosen]) => {
    const linked = devices ? ' · ' + devices + ' linked' : '';
    const pick = line(number, number + (online ? linked : ' · offline'), async () => choose(number));
    pick.setAttribute('aria-pressed', chosen);
    return el('li', online ? '' : 'away', pick);
  });
  $('devices-of').textContent = mine ? 'of ' + (mine.name || mine.number) : '';
  show('devices', mine?.devices ?? [], d => el('li', '', el('span', '', d.platform + (d.connected ? ' · connected' : ' · away')),
    button('Unlink', () => call('DELETE', own() + '/devices/' + d.device))));
  show('waiting', waiting, w => el('li', '', w.platform + ' shows a code' + (w.linkCodeFor ? ' for ' + w.linkCodeFor : '') + ' since ' + time(w.since)));
  show('clients', clients, c => el('li', '', el('span', 'tag', c.jid),
    el('small', '', c.kind + (c.queued ? ' · ' + c.queued + ' queued' : '') + (c.passive ? ' · passive' : ''))));
  show('faults', set, f => el('li', '', el('span', 'tag', JSON.stringify({ client: f.client ?? undefined, when: f.when ?? undefined, do: f.do })),
    el('small', '', 'struck ' + f.hits + '×'), button('Remove', () => call('DELETE', '/v1/faults/' + encodeURIComponent(f.id)))));
  $('violation-count').textContent = violations.count;
  $('violation-count').classList.toggle('some', violations.count > 0);
  show('violations', violations.violations.slice(-20).reverse(), v =>
    el('li', '', el('span', '', el('b', 'bad', v.code), ' ' + v.message), el('small', '', (v.client ?? '') + ' ' + time(v.at))));
  const chosen = $('fault-client').value;
  show('fault-client', [['Any client', '']].concat(clients.map(c => [c.jid, c.jid])), ([text, value]) => new Option(text, value, false, value === chosen));
}

function proposeFault() {
  const fault = faults[$('fault-kind').value];
  const client = 'certificate' in fault.do || 'mediaStatus' in fault.do ? '' : $('fault-client').value; // these strike before it is known who asks
  $('fault-json').value = JSON.stringify({ ...(client ? { client } : {}), ...fault });
}

function on(id, event, act) { $(id).addEventListener(event, guarded(act)); }

async function link(way, field, body) {
  say('Linking…');
  const linked = await call('POST', own() + way, body);
  $(field).value = '';
  say('Linked as ' + linked.jid);
}

on('make', 'submit', async () => {
  const number = $('make-number').value.trim();
  await call('POST', '/v1/phones', { number, name: $('make-name').value.trim() || null });
  $('make').reset();
  choose(number);
});
on('scan', 'submit', () => link('/scan', 'scan-qr', { qr: $('scan-qr').value.trim() }));
on('code', 'submit', () => link('/link-code', 'code-text', { code: $('code-text').value.trim() }));
on('send', 'submit', async () => {
  const to = chat ?? $('send-to').value.trim();
  const { id } = await call('POST', own() + '/messages', { to, text: $('send-text').value });
  $('send').reset();
  if (!chat) opening = id;
});
on('read', 'click', async () => {
  const ids = messages.filter(m => m.chat === chat && !m.fromMe).slice(-200).map(m => m.id);
  if (!ids.length) throw new Error('There is nothing to read in this chat.');
  await call('POST', own() + '/receipts', { chat, ids, type: 'read' });
  say('The sender sees it as read.');
});
on('back', 'click', async () => { chat = null; drawPhone(); });
on('network', 'click', () => call('POST', own() + (phones.find(p => p.number === phone)?.online ? '/offline' : '/online')));
on('fault', 'submit', () => call('POST', '/v1/faults', $('fault-json').value));
$('fault-kind').append(...Object.keys(faults).map(kind => new Option(kind)));
for (const id of ['fault-kind', 'fault-client']) $(id).addEventListener('change', proposeFault);
proposeFault();

(async () => {
  for (;;) {
    try { await refresh(); } catch (error) { say(error.message, true); }
    await new Promise(done => setTimeout(done, 2000));
  }
})();
