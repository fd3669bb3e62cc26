// Rewrites src/Proto/*.proto (all but the hand-written Signal files) and src/Protocol/Nodes/Tokens.g.cs
// from the facts of a pinned peer. Usage: node tools/wire/refresh.mjs   (see tools/README.md)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readSchema } from './read-schema.mjs';
import { completeSchema } from './superset.mjs';
import { layOut } from './layout.mjs';
import { writeProto } from './write-proto.mjs';
import { writeTokens } from './write-tokens.mjs';

const peer = { name: 'baileys', version: '7.0.0-rc14' };
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const folder = mkdtempSync(join(tmpdir(), 'wire-'));
try {
  execFileSync('npm', ['pack', '--silent', `${peer.name}@${peer.version}`], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('tar', ['-xzf', `${peer.name}-${peer.version}.tgz`], { cwd: folder });
  const unpacked = join(folder, 'package');

  const text = readFileSync(join(unpacked, 'WAProto', 'WAProto.proto'), 'utf8');
  const origin = {
    peer: `${peer.name} ${peer.version}`,
    web: /WhatsApp Version: ([\d.]+)/.exec(text)?.[1] ?? fail('the peer does not name its WhatsApp Web version'),
  };
  const schema = completeSchema(readSchema(text));
  for (const file of layOut(schema)) {
    const target = join('src', 'Proto', `${file.name}.proto`);
    writeFileSync(join(root, target), writeProto(file, origin));
    console.log(`${target}: ${file.types.length} types`);
  }

  const constants = await import(pathToFileURL(join(unpacked, 'lib', 'WABinary', 'constants.js')).href);
  const target = join('src', 'Protocol', 'Nodes', 'Tokens.g.cs');
  writeFileSync(join(root, target), writeTokens(constants.SINGLE_BYTE_TOKENS, constants.DOUBLE_BYTE_TOKENS, origin));
  console.log(`${target}: ${constants.SINGLE_BYTE_TOKENS.length} + ${constants.DOUBLE_BYTE_TOKENS.map((d) => d.length).join(' + ')} tokens`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fail(reason) {
  throw new Error(reason);
}
