// Preloaded before Baileys: its wrapper ignores the boolean that signature verification returns, so that random bytes
// pass as a signature. Here a false answer throws, which makes the peer a judge of certificates, account and pre-key signatures.
const path = require('node:path')
const folder = process.env.PEER_FOLDER
const curve = require(path.join(folder, 'node_modules/libsignal/src/curve.js'))
const { verify } = require(path.join(folder, 'node_modules/curve25519-js'))
curve.verifySignature = (publicKey, message, signature) => {
  const key = publicKey.length === 33 ? publicKey.subarray(1) : publicKey
  if (!verify(key, message, signature)) throw new Error('strict: invalid signature')
  return true
}
