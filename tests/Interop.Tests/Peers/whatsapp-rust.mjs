// Unmodified whatsapp-rust clients (its wasm build), driven by JSON lines. It verifies pre-key signatures itself and
// resumes with the IK handshake.
import path from 'node:path'
import https from 'node:https'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { emit, serve } from './lines.mjs'

const folder = process.env.PEER_FOLDER
const wasm = await import(pathToFileURL(path.join(folder, 'node_modules/whatsapp-rust-bridge/dist/index.js')).href)
const { WebSocket } = createRequire(path.join(folder, 'package.json'))('ws')

const log = (...args) => { if (process.env.PEER_TRACE) emit('log', { message: args.map(a => typeof a === 'string' ? a : JSON.stringify(a)).join(' ') }) }
const logger = { level: process.env.PEER_TRACE ? 'debug' : 'warn', child: () => logger, trace() {}, debug: log, info: log, warn: log, error: log, fatal: log }
wasm.initWasmEngine(logger)

serve(emit => {
  const data = new Map()
  const key = (store, id) => `${store}\u0000${id}`
  const store = {
    get: async (name, id) => data.get(key(name, id)) ?? null,
    set: async (name, id, value) => { data.set(key(name, id), Uint8Array.from(value)) },
    delete: async (name, id) => { data.delete(key(name, id)) }
  }
  let client, socket, options

  function makeTransport() {
    let ws
    return {
      connect: handle => new Promise((resolve, reject) => {
        ws = socket = new WebSocket(options.url, { origin: 'https://web.whatsapp.com' })
        ws.on('open', () => { handle.onConnected(); resolve() })
        ws.on('message', bytes => handle.onData(new Uint8Array(bytes)))
        ws.on('close', () => handle.onDisconnected())
        ws.on('error', reject)
      }),
      send: bytes => { ws.send(Buffer.from(bytes)) },
      disconnect: () => { ws?.close() }
    }
  }
  // The media host and nothing else.
  const http = {
    execute: (url, method, headers, body) => new Promise((resolve, reject) => {
      if (new URL(url).port !== String(options.mediaPort)) return resolve({ statusCode: 404, body: new Uint8Array() })
      const request = https.request(url, { method, headers: { ...headers, origin: 'https://web.whatsapp.com' }, rejectUnauthorized: false }, response => {
        const parts = []
        response.on('data', part => parts.push(part))
        response.on('end', () => resolve({ statusCode: response.statusCode, body: new Uint8Array(Buffer.concat(parts)) }))
      })
      request.on('error', reject)
      request.end(body ? Buffer.from(body) : undefined)
    })
  }
  const got = new Map()      // message id -> Message
  const sent = new Map()     // message id -> Message
  const kept = (id, message) => { sent.set(id, message); return { id } }
  const encode = message => Buffer.from(wasm.encodeProto('Message', message)).toString('base64')
  const decode = base64 => wasm.decodeProto('Message', Buffer.from(base64, 'base64'))
  const unwrapped = message => {
    const inner = (message.ephemeralMessage ?? message.viewOnceMessage ?? message.viewOnceMessageV2 ?? message.documentWithCaptionMessage)?.message
    return inner ? unwrapped(inner) : message
  }
  const fileKinds = { imageMessage: 'image', videoMessage: 'video', ptvMessage: 'video', audioMessage: 'audio', documentMessage: 'document', stickerMessage: 'sticker' }
  function onMessages(batch) {
    const view = wasm.decodeMessageWireBatch(batch)
    view.infos.forEach((info, i) => {
      const m = wasm.decodeProto('Message', view.messageData.subarray(view.messageOffsets[i], view.messageOffsets[i + 1]))
      got.set(info.id, m)
      const entry = { kinds: Object.keys(m).filter(name => m[name] !== undefined), id: info.id, chat: info.chat, sender: info.sender, chatAlt: info.senderAlt ?? null, fromMe: info.isFromMe,
        text: m.conversation ?? m.extendedTextMessage?.text ?? null, quotedId: m.extendedTextMessage?.contextInfo?.stanzaId ?? null,
        mentions: m.extendedTextMessage?.contextInfo?.mentionedJid ?? [] }
      emit('message', entry)
    })
  }
  const handlers = {
    onEvent(event) {
      if (event.type === 'qr') emit('qr', { qr: event.data.code })
      else if (event.type === 'pairing_code') emit('pairingCode', { code: event.data.code })
      else if (event.type === 'connected') emit('open')
      else if (event.type === 'undecryptable_message') emit('undecryptable', {})
      else log('event', event.type)
    },
    onMessageBatch: onMessages,
    onReceiptBatch(batch) {
      for (const receipt of wasm.decodeReceiptWireBatch(batch)) {
        if (receipt.type === 'Read') receipt.message_ids.forEach(id => emit('read', { id }))
        else log('receipt', receipt.type)
      }
    },
    onServerAckBatch() {},
    onHistorySyncBatch(batch) {
      const count = batch.conversationOffsets.length - 1
      const chats = Array.from({ length: Math.max(count, 0) }, (_, i) =>
        wasm.decodeProto('Conversation', batch.conversationData.subarray(batch.conversationOffsets[i], batch.conversationOffsets[i + 1])))
      emit('history', { messages: chats.reduce((sum, chat) => sum + (chat.messages?.length ?? 0), 0) })
    }
  }

  async function run() {
    client = await wasm.createWhatsAppClient(makeTransport(), http, handlers, store, null, options.version ?? [2, 3000, 1043857760], 812)
    await client.setInitialPushName('Peer')
    client.run()
  }

  return {
    async start(o) {
      options = o
      await run()
    },
    pairingCode: ({ number }) => client.requestPairingCode(number),
    async sendText({ to, text, quoted, mentions }) {
      const contextInfo = {
        ...(quoted ? { stanzaId: quoted.id, participant: to, quotedMessage: { conversation: quoted.text } } : {}),
        ...(mentions ? { mentionedJid: mentions } : {})
      }
      const message = quoted || mentions ? { extendedTextMessage: { text, contextInfo } } : { conversation: text }
      return { id: await client.sendMessageBytes(to, wasm.encodeProto('Message', message)) }
    },
    // Sends a content as it is, uploading its file before.
    async sendContent({ to, message, readers, file }) {
      const content = decode(message)
      if (file) Object.assign(unwrapped(content)[file.field], await client.uploadMedia(Buffer.from(file.bytes, 'base64'), file.kind))
      const bytes = wasm.encodeProto('Message', content)
      return kept(readers?.length ? await client.sendStatusMessageBytes(bytes, readers) : await client.sendMessageBytes(to, bytes), content)
    },
    react: async ({ to, key, emoji }) => ({ id: await client.sendReaction(to, key, emoji) }),
    async poll({ to, name, options, selectable }) {
      const { messageId, messageSecret } = await client.createPoll(to, name, options, selectable)
      return kept(messageId, { messageContextInfo: { messageSecret }, pollCreationMessageV3: { name, options: options.map(optionName => ({ optionName })) } })
    },
    vote: async ({ to, target, creator, secret, options }) => ({ id: await client.votePoll(to, target, creator, Buffer.from(secret, 'base64'), options) }),
    // What a message holds, written by the schema of whatsapp-rust: it has what that knows.
    encoded: ({ message }) => encode(got.get(message)),
    encodedSent: ({ message }) => encode(sent.get(message)),
    async download({ message }) {
      const content = unwrapped(got.get(message))
      const field = Object.keys(fileKinds).find(name => content[name])
      const m = content[field]
      const file = await client.downloadMedia(m.directPath, m.mediaKey, m.fileSha256, m.fileEncSha256, Number(m.fileLength), fileKinds[field])
      return { sha256: createHash('sha256').update(file).digest('hex') }
    },
    openVote({ poll, vote, people }) {
      const creation = sent.get(poll)
      const { encPayload, encIv } = got.get(vote).pollUpdateMessage.vote
      const names = creation.pollCreationMessageV3.options.map(option => option.optionName)
      for (const creator of people) for (const voter of people) {
        try {
          return wasm.decryptPollVote(encPayload, encIv, creation.messageContextInfo.messageSecret, poll, creator, voter, names)
        } catch { /* not these two */ }
      }
      throw new Error('no pair of addresses opens the vote')
    },
    read: ({ chat, ids }) => client.readMessages(ids.map(id => ({ remoteJid: chat, id }))),
    // Forgets every Signal session and starts a new client on the same store, as after a restored backup: the old one has them in memory.
    async forgetSessions() {
      await client.disconnect()
      let count = 0
      for (const id of [...data.keys()]) if (id.startsWith('session\u0000')) { data.delete(id); count++ }
      await run()
      return { count }
    },
    // drops the socket: the client comes back by itself, with the IK handshake
    async reconnect() { socket?.terminate() },
    async leave() { await client.disconnect() },
    comeBack: run,
    async stop() { await client?.disconnect() }
  }
})
