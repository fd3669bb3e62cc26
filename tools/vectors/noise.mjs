// Records an XX handshake and the first frames after it, made by the noise handler of unmodified Baileys on both sides.
// Keys are random, so every run writes other vectors.
//
//   npm install --prefix "$FOLDER" baileys@7.0.0-rc14
//   node tools/vectors/noise.mjs "$FOLDER" > tests/Protocol.Tests/Vectors/noise.json
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? '.')
const file = name => pathToFileURL(path.join(folder, 'node_modules/baileys', name)).href
const { makeNoiseHandler } = await import(file('lib/Utils/noise-handler.js'))
const { Curve, hkdf, aesEncryptGCM } = await import(file('lib/Utils/crypto.js'))
const { NOISE_MODE, NOISE_WA_HEADER } = await import(file('lib/Defaults/index.js'))
const { encodeBinaryNode } = await import(file('lib/WABinary/index.js'))
const { proto } = await import(file('WAProto/index.js'))

const logger = { level: 'silent', child: () => logger, trace() {}, debug() {}, info() {}, warn() {}, error() {} }
const hex = bytes => Buffer.from(bytes).toString('hex')
const [root, intermediate, server, serverEphemeral, noiseKey, ephemeral] = Array.from({ length: 6 }, () => Curve.generateKeyPair())
const routingInfo = Buffer.from('0102030405', 'hex')

const certificate = (issuer, details) => {
  const bytes = proto.CertChain.NoiseCertificate.Details.encode(details).finish()
  return { details: bytes, signature: Curve.sign(issuer.private, bytes) }
}
const [notBefore, notAfter] = [1700000000, 1800000000]
const chain = proto.CertChain.encode({
  leaf: certificate(intermediate, { serial: 12, issuerSerial: 11, key: server.public, notBefore, notAfter }),
  intermediate: certificate(root, { serial: 11, issuerSerial: 0, key: intermediate.public, notBefore, notAfter })
}).finish()

const client = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger, routingInfo })
const clientHello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: ephemeral.public } }).finish()

// The handler's steps, taken from the other end of the wire. It hashes the client's ephemeral key as it starts.
const responder = makeNoiseHandler({ keyPair: { private: serverEphemeral.private, public: ephemeral.public }, NOISE_HEADER: NOISE_WA_HEADER, logger })
let chainingKey = Buffer.from(NOISE_MODE)
const mix = secret => {
  responder.mixIntoKey(secret)
  chainingKey = hkdf(Buffer.from(secret), 64, { salt: chainingKey, info: '' }).subarray(0, 32)
}
responder.authenticate(serverEphemeral.public)
mix(Curve.sharedKey(serverEphemeral.private, ephemeral.public))
const sealedStatic = responder.encrypt(server.public)
mix(Curve.sharedKey(server.private, ephemeral.public))
const serverHello = { ephemeral: serverEphemeral.public, static: sealedStatic, payload: responder.encrypt(chain) }

const clientPayload = Buffer.from('a client payload')
const sealedKey = client.processHandshake({ serverHello }, noiseKey)
const clientFinish = { static: sealedKey, payload: client.encrypt(clientPayload) }
const clientKey = responder.decrypt(clientFinish.static)
mix(Curve.sharedKey(serverEphemeral.private, clientKey))
const payloadSeen = responder.decrypt(clientFinish.payload)
if (hex(clientKey) !== hex(noiseKey.public) || hex(payloadSeen) !== hex(clientPayload)) throw new Error('the ends disagree')

const helloFrame = client.encodeFrame(clientHello) // with the stream header in front
await client.finishInit()
const sent = ['first frame', 'second frame'].map(text => ({ plain: hex(Buffer.from(text)), frame: hex(client.encodeFrame(Buffer.from(text))) }))

const serverKey = hkdf(Buffer.alloc(0), 64, { salt: chainingKey, info: '' }).subarray(32)
const received = ['one', 'two'].map((id, counter) => {
  const plain = encodeBinaryNode({ tag: 'ack', attrs: { id } })
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(counter, 8)
  return { plain: hex(plain), box: hex(aesEncryptGCM(plain, serverKey, iv, Buffer.alloc(0))) }
})
const seen = []
for (const { box } of received) {
  const bytes = Buffer.from(box, 'hex')
  await client.decodeFrame(Buffer.concat([Buffer.from([0, bytes.length >> 8, bytes.length & 255]), bytes]), node => seen.push(node.attrs.id))
}
if (seen.join() !== 'one,two') throw new Error('Baileys does not read the frames of the server')

process.stdout.write(JSON.stringify({
  root: hex(root.public), notBefore, notAfter, routingInfo: hex(routingInfo),
  clientEphemeral: hex(ephemeral.private), clientStatic: hex(noiseKey.private),
  serverEphemeral: hex(serverEphemeral.private), serverStatic: hex(server.private), chain: hex(chain),
  clientHelloFrame: hex(helloFrame), clientHello: hex(clientHello),
  serverHello: hex(proto.HandshakeMessage.encode({ serverHello }).finish()), clientPayload: hex(clientPayload),
  clientFinish: hex(proto.HandshakeMessage.encode({ clientFinish }).finish()), sent, received
}, null, 2) + '\n')
