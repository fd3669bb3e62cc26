// Records test vectors from independent implementations, run as black boxes through their public interfaces: npm `libsignal`
// for signatures and sessions, Baileys for sender keys and pairing. Keys are random, so every run writes other vectors.
//
//   npm install --prefix "$FOLDER" baileys@7.0.0-rc14
//   node tools/vectors/signal.mjs "$FOLDER" > tests/Protocol.Tests/Vectors/signal.json
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? '.')
const require = createRequire(path.join(folder, 'index.js'))
const libsignal = require('libsignal')
const baileysFile = name => pathToFileURL(path.join(folder, 'node_modules/baileys/lib', name)).href
const { GroupCipher, GroupSessionBuilder, SenderKeyName, SenderKeyRecord } = await import(baileysFile('Signal/Group/index.js'))
const { derivePairingCodeKey, aesEncryptCTR, Curve, hmacSign } = await import(baileysFile('Utils/crypto.js'))
const { configureSuccessfulPairing } = await import(baileysFile('Utils/validate-connection.js'))
const { proto } = await import(baileysFile('../WAProto/index.js'))

// The library reports each opened and closed session on the console, which is where the vectors go.
const print = console.log
console.log = console.info = console.warn = console.error = () => {}

const hex = bytes => Buffer.from(bytes).toString('hex')
const bare = key => hex(key).slice(-64) // without the type byte

class Party {
  sessions = new Map()
  preKeys = new Map()
  constructor(registrationId) {
    this.identity = libsignal.curve.generateKeyPair()
    this.registrationId = registrationId
    this.signedPreKey = libsignal.keyhelper.generateSignedPreKey(this.identity, 5)
  }
  async loadSession(id) { return this.sessions.get(id) }
  async storeSession(id, record) { this.sessions.set(id, record) }
  isTrustedIdentity() { return true }
  async loadPreKey(id) { return this.preKeys.get(id) }
  async removePreKey(id) { this.preKeys.delete(id) }
  async loadSignedPreKey() { return this.signedPreKey.keyPair }
  getOurRegistrationId() { return this.registrationId }
  getOurIdentity() { return this.identity }
  bundle(preKeyId) {
    if (preKeyId) this.preKeys.set(preKeyId, libsignal.curve.generateKeyPair())
    return {
      identityKey: this.identity.pubKey,
      registrationId: this.registrationId,
      signedPreKey: { keyId: 5, publicKey: this.signedPreKey.keyPair.pubKey, signature: this.signedPreKey.signature },
      preKey: preKeyId ? { keyId: preKeyId, publicKey: this.preKeys.get(preKeyId).pubKey } : undefined
    }
  }
  export() {
    return {
      identityPrivate: hex(this.identity.privKey),
      registrationId: this.registrationId,
      signedPreKeyId: 5,
      signedPreKeyPrivate: hex(this.signedPreKey.keyPair.privKey),
      signedPreKeySignature: hex(this.signedPreKey.signature),
      preKeys: [...this.preKeys].map(([id, pair]) => ({ id, private: hex(pair.privKey) }))
    }
  }
}

const address = new libsignal.ProtocolAddress('peer', 0)

async function encrypt(party, text) {
  const { type, body } = await new libsignal.SessionCipher(party, address).encrypt(Buffer.from(text))
  return { kind: type === 3 ? 'pkmsg' : 'msg', bytes: Buffer.from(body, 'binary').toString('hex'), plaintext: text }
}

async function decrypt(party, message) {
  const cipher = new libsignal.SessionCipher(party, address)
  const bytes = Buffer.from(message.bytes, 'hex')
  const plaintext = message.kind === 'pkmsg' ? await cipher.decryptPreKeyWhisperMessage(bytes) : await cipher.decryptWhisperMessage(bytes)
  if (plaintext.toString() !== message.plaintext) throw new Error('the peer itself does not decrypt its message')
}

// Signatures of messages of many lengths.
function signatures() {
  return [0, 1, 33, 100, 1000, ...Array(15).fill(64)].map(length => {
    const pair = libsignal.curve.generateKeyPair()
    const message = randomBytes(length)
    return { publicKey: bare(pair.pubKey), message: hex(message), signature: hex(libsignal.curve.calculateSignature(pair.privKey, message)) }
  })
}

// The messages with which a session starts, with and without a one-time key, and what follows before any answer.
async function starts() {
  const all = []
  for (const preKeyId of [9, undefined]) {
    const alice = new Party(1234), bob = new Party(4321)
    const bundle = bob.bundle(preKeyId)
    const keys = bob.export()
    await new libsignal.SessionBuilder(alice, address).initOutgoing(bundle)
    const messages = []
    for (let i = 0; i < 6; i++) messages.push(await encrypt(alice, `start ${i}`))
    await decrypt(bob, messages[0])
    all.push({ bob: keys, aliceIdentity: bare(alice.identity.pubKey), aliceRegistrationId: 1234, messages })
  }
  return all
}

// A conversation through several ratchet steps. Before each turn of Alice, Bob's session as the library stores it.
async function conversation() {
  const alice = new Party(11), bob = new Party(22)
  await new libsignal.SessionBuilder(alice, address).initOutgoing(bob.bundle(7))
  await decrypt(bob, await encrypt(alice, 'first'))
  const turns = []
  let late
  for (let turn = 0; turn < 4; turn++) {
    await decrypt(alice, await encrypt(bob, `answer ${turn}`))
    const session = sessionOf(bob)
    const messages = []
    for (let i = 0; i < 3; i++) messages.push(await encrypt(alice, `turn ${turn} message ${i}`))
    turns.push({ session, messages })
    // Bob misses the first of each turn, so that later sessions hold skipped keys.
    await decrypt(bob, messages[1])
    await decrypt(bob, messages[2])
    if (turn === 0) late = messages[0]
  }
  return { bob: bob.export(), aliceIdentity: bare(alice.identity.pubKey), turns, last: { session: sessionOf(bob), late } }
}

// The library's stored form in neutral terms. Its counters name the last key used (−1: none); ours name the next.
function sessionOf(party) {
  const stored = Object.values(party.sessions.get(address.toString()).serialize()._sessions).find(s => s.indexInfo.closed === -1)
  const raw = base64 => Buffer.from(base64, 'base64').toString('hex')
  const own = raw(stored.currentRatchet.ephemeralKeyPair.pubKey)
  const chains = Object.entries(stored._chains).map(([key, chain]) => ({
    ratchetKey: raw(key),
    sending: chain.chainType === 1,
    chainKey: chain.chainKey.key ? raw(chain.chainKey.key) : null,
    next: chain.chainKey.counter + 1,
    skipped: Object.entries(chain.messageKeys).map(([index, seed]) => ({ index: Number(index), seed: raw(seed) }))
  }))
  return {
    baseKey: raw(stored.indexInfo.baseKey).slice(-64),
    rootKey: raw(stored.currentRatchet.rootKey),
    ratchetPrivate: raw(stored.currentRatchet.ephemeralKeyPair.privKey),
    previousCounter: stored.currentRatchet.previousCounter,
    sender: chains.find(c => c.sending && c.ratchetKey === own),
    receivers: chains.filter(c => !c.sending)
  }
}

async function group() {
  const store = new Map()
  const storage = {
    loadSenderKey: async name => SenderKeyRecord.deserialize(Buffer.from(JSON.stringify(store.get(name.toString()) ?? []))),
    storeSenderKey: async (name, record) => void store.set(name.toString(), record.serialize())
  }
  const name = new SenderKeyName('120363000000000001@g.us', address)
  await storage.storeSenderKey(name, new SenderKeyRecord())
  const distribution = hex((await new GroupSessionBuilder(storage).create(name)).serialize())
  const messages = []
  for (let i = 0; i < 5; i++) messages.push({ plaintext: `group ${i}`, bytes: hex(await new GroupCipher(storage, name).encrypt(Buffer.from(`group ${i}`))) })
  const later = hex((await new GroupSessionBuilder(storage).create(name)).serialize())
  messages.push({ plaintext: 'after', bytes: hex(await new GroupCipher(storage, name).encrypt(Buffer.from('after'))) })
  return { distribution, messages, later }
}

async function pairing() {
  const code = 'ABCD1234', salt = randomBytes(32), iv = randomBytes(16), ephemeral = randomBytes(32)
  const wrapped = Buffer.concat([salt, iv, aesEncryptCTR(ephemeral, await derivePairingCodeKey(code, salt), iv)])
  return { code, ephemeral: hex(ephemeral), wrapped: hex(wrapped), identities: [false, true].map(identity) }
}

// What a phone would issue, and the companion's reply as Baileys makes it.
function identity(hosted) {
  const account = Curve.generateKeyPair(), companion = Curve.generateKeyPair(), secret = randomBytes(32)
  const type = hosted ? proto.ADVEncryptionType.HOSTED : proto.ADVEncryptionType.E2EE
  const details = proto.ADVDeviceIdentity.encode({ rawId: 7, timestamp: 1700000000, keyIndex: 4, accountType: type, deviceType: type }).finish()
  const accountSignature = Curve.sign(account.private, Buffer.concat([Buffer.from([6, hosted ? 5 : 0]), details, companion.public]))
  const signed = proto.ADVSignedDeviceIdentity.encode({ details, accountSignatureKey: account.public, accountSignature }).finish()
  const hmac = hmacSign(Buffer.concat([Buffer.from(hosted ? [6, 5] : []), signed]), secret)
  const pairSuccess = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac, accountType: type }).finish()
  const stanza = {
    tag: 'iq', attrs: { id: '1' }, content: [{
      tag: 'pair-success', attrs: {}, content: [
        { tag: 'device-identity', attrs: {}, content: pairSuccess },
        { tag: 'device', attrs: { jid: '5511999990001:4@s.whatsapp.net', lid: '100000000000001:4@lid' } }]
    }]
  }
  const { reply } = configureSuccessfulPairing(stanza, { advSecretKey: secret.toString('base64'), signedIdentityKey: companion, signalIdentities: [] })
  return {
    hosted, secret: hex(secret), companionPrivate: hex(companion.private), accountPublic: hex(account.public),
    pairSuccess: hex(pairSuccess), reply: hex(reply.content[0].content[0].content)
  }
}

print(JSON.stringify({
  source: 'libsignal and baileys 7.0.0-rc14, by tools/vectors/signal.mjs',
  signatures: signatures(), starts: await starts(), conversation: await conversation(), group: await group(), pairing: await pairing()
}, null, 1))
