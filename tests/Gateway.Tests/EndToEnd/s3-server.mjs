// An S3 server on a free port of this machine; ends with its standard input.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { buildApp } = await import(pathToFileURL(join(process.env.PEER_FOLDER, 'node_modules/fauxqs/dist/app.js')));
const app = buildApp({ logger: false, host: '127.0.0.1' });
const address = await app.listen({ port: Number(process.argv[2] ?? 0), host: '127.0.0.1' });
console.log(`ready ${new URL(address).port}`);
process.stdin.on('end', () => process.exit(0)).resume();
