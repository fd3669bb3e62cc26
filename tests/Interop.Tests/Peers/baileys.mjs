// Unmodified Baileys sockets (rc14 or rc.6), driven by JSON lines. Reconnecting after 515 is the application's job
// with Baileys, so it is done here.
import path from 'node:path'
import https from 'node:https'
import { stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { serve } from './lines.mjs'

const folder = process.env.PEER_FOLDER
const load = name => import(pathToFileURL(path.join(folder, 'node_modules', name)).href)
const require = createRequire(path.join(folder, 'package.json'))
console.info = console.warn = console.log = () => {}
const baileys = await load('baileys/lib/index.js')
const { makeWASocket, initAuthCreds, BufferJSON, proto, WA_CERT_DETAILS } = baileys
const { Agent, buildConnector } = require('undici')

// What JSON does not have: {"$bytes": base64} and {"$time": milliseconds}.
const revive = value => Array.isArray(value) ? value.map(revive)
  : value === null || typeof value !== 'object' ? value
  : value.$bytes !== undefined ? Buffer.from(value.$bytes, 'base64')
  : value.$time !== undefined ? new Date(value.$time)
  : Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item)]))

const unwrapped = message => {
  const inner = (message.ephemeralMessage ?? message.viewOnceMessage ?? message.viewOnceMessageV2 ?? message.documentWithCaptionMessage)?.message
  return inner ? unwrapped(inner) : message
}

const clone = value => JSON.parse(JSON.stringify(value, BufferJSON.replacer), BufferJSON.reviver)

function mediaDispatcher(port) {
  const connector = buildConnector({ rejectUnauthorized: false })
  return new Agent({ connect: (o, cb) => connector({ ...o, hostname: '127.0.0.1', host: '127.0.0.1', port, servername: undefined }, cb) })
}

serve(emit => {
  const trace = (object, message) => { if (process.env.PEER_TRACE) emit('log', { message: `${message} ${object?.err ?? object?.error ?? JSON.stringify(object)}` }) }
  const quiet = { level: 'silent', child: () => quiet, trace() {}, debug() {}, info() {}, warn: trace, error: trace, fatal() {} }
  let options, socket, creds, closing = false
  const keys = {}            // type -> id -> JSON text
  const sent = new Map()     // message id -> Message
  const got = new Map()      // message id -> WebMessageInfo, of those with content

  const store = {
    async get(type, ids) {
      const out = {}
      for (const id of ids) {
        let value = keys[type]?.[id] === undefined ? undefined : JSON.parse(keys[type][id], BufferJSON.reviver)
        if (value && type === 'app-state-sync-key') value = proto.Message.AppStateSyncKeyData.fromObject(value)
        if (value !== undefined) out[id] = value
      }
      return out
    },
    async set(data) {
      for (const type in data) for (const id in data[type]) {
        const value = data[type][id]
        keys[type] ??= {}
        if (value === null || value === undefined) delete keys[type][id]
        else keys[type][id] = JSON.stringify(value, BufferJSON.replacer)
      }
    }
  }

  function connect() {
    // One for the whole process, read at each handshake. rc.6 has none: it does not check certificates.
    if (WA_CERT_DETAILS) WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(options.rootKey, 'hex')
    socket = makeWASocket({
      waWebSocketUrl: options.url,
      auth: { creds, keys: store },
      logger: quiet,
      version: options.version ?? [2, 3000, 1043857760],
      browser: ['Ubuntu', 'Chrome', '22.04.4'],
      syncFullHistory: false,
      // rc.6 takes no history at all unless it wants a full one.
      shouldSyncHistoryMessage: () => true,
      markOnlineOnConnect: options.online ?? true,
      fetchAgent: uploadAgent(),
      options: mediaOptions(),
      getMessage: async key => sent.get(key.id)
    })
    socket.ev.on('creds.update', update => Object.assign(creds, update))
    socket.ev.on('connection.update', update => {
      if (update.qr) emit('qr', { qr: update.qr })
      if (update.connection === 'open') emit('open', { jid: socket.user?.id, lid: socket.user?.lid })
      if (update.connection === 'close') {
        const code = update.lastDisconnect?.error?.output?.statusCode
        emit('close', { code, message: String(update.lastDisconnect?.error?.message) })
        if (code === 515 && !closing) connect()
      }
    })
    socket.ev.on('messages.upsert', ({ messages: list, type }) => {
      for (const m of list) {
        const content = m.message
        if (content) got.set(m.key.id, m)
        const entry = {
          id: m.key.id, author: m.key.participant ?? null, chat: m.key.remoteJid, chatAlt: m.key.remoteJidAlt ?? null, fromMe: !!m.key.fromMe, upsert: type,
          text: content?.conversation ?? content?.extendedTextMessage?.text ?? null,
          quotedId: content?.extendedTextMessage?.contextInfo?.stanzaId ?? null,
          mentions: content?.extendedTextMessage?.contextInfo?.mentionedJid ?? [],
          stub: m.messageStubType ?? null, kinds: Object.keys(content ?? {})
        }
        emit('message', entry)
      }
    })
    socket.ev.on('messages.update', list => list.forEach(u => {
      const content = u.update.message
      emit('update', { id: u.key.id, chat: u.key.remoteJid, fromMe: !!u.key.fromMe, status: u.update.status ?? null,
        text: content?.conversation ?? content?.extendedTextMessage?.text ?? null,
        quotedId: content?.extendedTextMessage?.contextInfo?.stanzaId ?? null,
        mentions: content?.extendedTextMessage?.contextInfo?.mentionedJid ?? [] })
      if (u.key.fromMe && u.update.status === proto.WebMessageInfo.Status.READ) emit('read', { id: u.key.id })
    }))
    socket.ev.on('messaging-history.set', h => emit('history', { messages: h.messages.length }))
  }

  const mediaOptions = () => options.mediaPort ? { dispatcher: mediaDispatcher(options.mediaPort) } : {}

  // rc14 uploads by Node's https and wants its kind of agent, rc.6 by fetch and wants a dispatcher.
  function uploadAgent() {
    const dispatcher = mediaDispatcher(options.mediaPort)
    return Object.assign(new https.Agent({ rejectUnauthorized: false }), { dispatch: (...request) => dispatcher.dispatch(...request) })
  }

  async function upload(message, { bytes, field, kind }) {
    const plain = Buffer.from(bytes, 'base64')
    const made = await baileys.prepareWAMessageMedia(
      { [kind]: plain, jpegThumbnail: Buffer.alloc(1), seconds: 1 }, { upload: whenWritten(plain), logger: quiet, options: mediaOptions() })
    const { url, directPath, mediaKey, fileEncSha256, fileSha256, fileLength, mediaKeyTimestamp } = made[`${kind}Message`]
    const inner = unwrapped(message)
    Object.assign((inner.interactiveMessage?.header ?? inner)[field], { url, directPath, mediaKey, fileEncSha256, fileSha256, fileLength, mediaKeyTimestamp })
  }

  // rc.6 begins the upload before what it encrypted is on the disk, and so sends a part of it at times: the program waits for the whole.
  const whenWritten = file => async (path, how) => {
    const encrypted = (Math.floor(file.length / 16) + 1) * 16 + 10
    while (await sizeOf(path) < encrypted) await new Promise(setImmediate)
    return socket.waUploadToServer(path, how)
  }

  // Not even made yet is as good as empty.
  const sizeOf = path => stat(path).then(file => file.size, error => { if (error.code === 'ENOENT') return 0; throw error })

  const kept = (id, message) => { sent.set(id, message); return { id } }

  function reconnect() {
    const old = socket
    connect()
    old.end(undefined)
  }

  return {
    start(o) {
      options = o
      creds = clone(initAuthCreds())
      connect()
    },
    pairingCode: ({ number }) => socket.requestPairingCode(number),
    async sendText({ to, text, quoted, mentions }) {
      const content = { text, ...(mentions ? { mentions } : {}) }
      const quotedMessage = quoted && { key: { remoteJid: to, id: quoted.id, fromMe: quoted.fromMe, participant: quoted.participant }, message: { conversation: quoted.text } }
      const result = await socket.sendMessage(to, content, quotedMessage ? { quoted: quotedMessage } : {})
      sent.set(result.key.id, result.message)
      return { id: result.key.id }
    },
    async sendStatus({ text, readers }) {
      const result = await socket.sendMessage('status@broadcast', { text }, { statusJidList: readers, broadcast: true })
      sent.set(result.key.id, result.message)
      return { id: result.key.id }
    },
    // Sends any content that Baileys makes; "quoted" is the id of a message that came.
    async make({ to, content, options, readers, quoted }) {
      const how = revive(options ?? {})
      if (readers?.length) Object.assign(how, { statusJidList: readers, broadcast: true })
      if (quoted) how.quoted = got.get(quoted)
      const made = revive(content)
      const file = made.image ?? made.video ?? made.audio ?? made.document ?? made.sticker ?? made.product?.productImage
      if (file) how.upload = whenWritten(file)
      const result = await socket.sendMessage(to, made, how)
      return kept(result.key.id, result.message)
    },
    // Sends a content as it is, uploading its file before.
    async relay({ to, message, readers, file }) {
      const content = proto.Message.decode(Buffer.from(message, 'base64'))
      if (file) await upload(content, file)
      return kept(await socket.relayMessage(to, content, { statusJidList: readers }), content)
    },
    // What a message holds, written by the schema of Baileys: it has what Baileys knows.
    encoded: ({ message }) => Buffer.from(proto.Message.encode(got.get(message).message).finish()).toString('base64'),
    encodedSent: ({ message }) => Buffer.from(proto.Message.encode(sent.get(message)).finish()).toString('base64'),
    // Opens a vote and counts it. Which of the addresses of two people are under the seal is nowhere said.
    openVote({ poll, vote, people }) {
      const creation = sent.get(poll)
      const { key, message } = got.get(vote)
      for (const pollCreatorJid of people) for (const voterJid of people) {
        try {
          const opened = baileys.decryptPollVote(message.pollUpdateMessage.vote,
            { pollCreatorJid, voterJid, pollMsgId: poll, pollEncKey: creation.messageContextInfo.messageSecret })
          const counted = baileys.getAggregateVotesInPollMessage({ message: creation, pollUpdates: [{ pollUpdateMessageKey: key, vote: opened }] }, socket.user.id)
          return counted.filter(option => option.voters.length > 0).map(option => option.name)
        } catch { /* not these two */ }
      }
      throw new Error('no pair of addresses opens the vote')
    },
    // What Baileys and its sockets can do, by a word in the name.
    callsNamed: ({ word }) => [...new Set([baileys, socket].flatMap(owner => Object.keys(owner).filter(name => typeof owner[name] === 'function')))]
      .filter(name => name.toLowerCase().includes(word)),
    // Downloads and decrypts a message's file.
    async download({ message }) {
      const file = await baileys.downloadMediaMessage(got.get(message), 'buffer', { options: mediaOptions() })
      return { sha256: createHash('sha256').update(file).digest('hex') }
    },
    read: ({ chat, ids, author }) => socket.readMessages(ids.map(id => ({ remoteJid: chat, id, fromMe: false, participant: author ?? undefined }))),
    // Looks at pictures, and at a person's about line and business. There may be none, which Baileys reports as an error.
    async look({ pictured, person }) {
      const none = error => { if (error.output?.statusCode !== 404 && error.data !== 404) throw error }
      for (const jid of pictured) await socket.profilePictureUrl(jid, 'image').catch(none)
      await socket.fetchStatus(person)
      await socket.getBusinessProfile(person)
    },
    // Forgets what others' group messages are read with; the store is asked for it at each message.
    forgetSenderKeys() {
      const count = Object.keys(keys['sender-key'] ?? {}).length
      delete keys['sender-key']
      return { count }
    },
    // Forgets every Signal session and logs in again, as a program does that was started on a restored backup. The socket must be
    // a new one: the old one remembers who it had a session with.
    forgetSessions() {
      const count = Object.keys(keys.session ?? {}).length
      keys.session = {}
      reconnect()
      return { count }
    },
    reconnect,
    leave() { socket.end(undefined) },
    comeBack() { connect() },
    async stop() { closing = true; socket?.end(undefined) }
  }
})
