// Lays plain schema data out as a .proto file: types by name, fields by number, nested types behind the fields.
import { byName } from './layout.mjs';
import { fullName } from './read-schema.mjs';

const pack = 'whatsapp';

export function writeProto(file, origin) {
  const lines = [
    `// Written by tools/wire/refresh.mjs from the field facts of ${origin.peer} (WhatsApp Web ${origin.web}).`,
    '// Do not edit: tools/README.md tells how to refresh it.',
    'syntax = "proto2";',
    '',
    `package ${pack};`,
    '',
    ...file.imports.map((name) => `import "${name}.proto";`),
    ...(file.imports.length > 0 ? [''] : []),
    'option csharp_namespace = "Evolution.Proto";',
  ];
  for (const type of file.types) lines.push('', ...writeType(type));
  return `${lines.join('\n')}\n`;
}

function writeType(type) {
  return type.kind === 'enum' ? writeEnum(type) : writeMessage(type);
}

function writeEnum({ name, values }) {
  const aliases = new Set(values.map((value) => value.number)).size < values.length;
  const body = values.toSorted((a, b) => a.number - b.number).map((value) => `${value.name} = ${value.number};`);
  return block(`enum ${name}`, aliases ? ['option allow_alias = true;', ...body] : body);
}

function writeMessage(message) {
  const fields = message.fields.toSorted((a, b) => a.number - b.number);
  const body = [];
  const written = new Set();
  for (const field of fields) {
    if (!field.oneof) body.push(writeField(field));
    else if (!written.has(field.oneof)) {
      written.add(field.oneof);
      body.push(...block(`oneof ${field.oneof}`, fields.filter((f) => f.oneof === field.oneof).map((f) => writeField(f))));
    }
  }
  for (const nested of message.types.toSorted(byName)) {
    if (body.length > 0) body.push('');
    body.push(...writeType(nested));
  }
  return block(`message ${message.name}`, body);
}

function writeField(field) {
  const type = typeof field.type === 'string' ? field.type : `.${pack}.${fullName(field.type)}`;
  const options = field.packed ? ' [packed = true]' : '';
  const rest = `${field.name} = ${field.number}${options};`;
  if (field.oneof) return `${type} ${rest}`;
  switch (field.label) {
    case 'map': return `map<${field.key}, ${type}> ${rest}`;
    // Readers elsewhere refuse a message without it; we write it always and read what comes.
    case 'always': return `optional ${type} ${rest} // always on the wire`;
    default: return `${field.label} ${type} ${rest}`;
  }
}

function block(head, body) {
  return body.length === 0 ? [`${head} {}`] : [`${head} {`, ...body.map((line) => (line === '' ? '' : `  ${line}`)), '}'];
}
