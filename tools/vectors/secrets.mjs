// Records votes that unmodified Baileys opens. It seals none itself, so they are sealed here, after whatsmeow's msgsecret.go, and kept only when Baileys
// reads in them what was put in. Keys are random, so every run writes other vectors.
//
//   npm install --prefix "$FOLDER" baileys@7.0.0-rc14
//   node tools/vectors/secrets.mjs "$FOLDER" > tests/Protocol.Tests/Vectors/secrets.json
import { pathToFileURL } from 'node:url'
import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? '.')
const file = name => pathToFileURL(path.join(folder, 'node_modules/baileys', name)).href
const { decryptPollVote } = await import(file('lib/Utils/process-message.js'))
const { proto } = await import(file('WAProto/index.js'))

const hex = bytes => Buffer.from(bytes).toString('hex')
const votes = []
for (const [author, voter] of [
  ['5511999990001@s.whatsapp.net', '5511999990002@s.whatsapp.net'],
  ['100000000000001@lid', '100000000000002@lid'],
  ['5511999990001@s.whatsapp.net', '5511999990001@s.whatsapp.net']
]) {
  for (const options of [[], ['Yes'], ['Yes', 'No']]) {
    const id = '3EB0' + hex(randomBytes(9)).toUpperCase()
    const secret = randomBytes(32)
    const iv = randomBytes(12)
    const plain = proto.Message.PollVoteMessage.encode({ selectedOptions: options.map(option => createHash('sha256').update(option).digest()) }).finish()
    const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(32), Buffer.from(id + author + voter + 'Poll Vote'), 32))
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    cipher.setAAD(Buffer.from(`${id}\0${voter}`))
    const box = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    const read = decryptPollVote({ encPayload: box, encIv: iv }, { pollCreatorJid: author, pollMsgId: id, pollEncKey: secret, voterJid: voter })
    if (hex(proto.Message.PollVoteMessage.encode(read).finish()) !== hex(plain)) throw new Error('Baileys reads another vote')
    votes.push({ id, author, voter, secret: hex(secret), iv: hex(iv), plaintext: hex(plain), box: hex(box) })
  }
}
console.log(JSON.stringify({ votes }, null, 1))
process.exit(0)
