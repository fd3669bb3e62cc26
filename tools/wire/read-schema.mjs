// Reads a .proto text into plain data. Only the part of the language the peer uses; anything else is an error, never skipped.
//
// message: { kind: 'message', name, parent, fields: [field], types: [message | enum] }
// enum:    { kind: 'enum', name, parent, values: [{ name, number }] }
// field:   { name, number, label: 'optional' | 'repeated' | 'map' | 'always', type, key?, packed?, oneof? }
//          type and key are scalar names, or the type the name resolved to.

export const scalars = new Set([
  'double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64',
  'fixed32', 'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes',
]);

export function readSchema(text) {
  const words = text
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    .match(/"[^"]*"|[A-Za-z_][\w.]*|-?\d+|\S/g);
  let at = 0;
  const take = () => words[at++] ?? stop('more text');
  const expect = (word) => take() === word || stop(`'${word}'`, at - 1);
  const isNext = (word) => words[at] === word && (at++, true);
  const stop = (wanted, position = at) => {
    throw new Error(`expected ${wanted} at "${words.slice(position - 4, position + 4).join(' ')}"`);
  };
  const number = () => {
    const word = take();
    return /^-?\d+$/.test(word) ? Number(word) : stop('a number', at - 1);
  };

  expect('syntax'); expect('='); take(); expect(';');
  expect('package'); take(); expect(';');
  const top = [];
  while (at < words.length) top.push(readType(null) ?? stop('message or enum'));
  resolve(top);
  return top;

  function readType(parent) {
    // A field may be called "message" only behind a type, so the keyword at this place is a declaration.
    if (isNext('message')) return readMessage(parent);
    if (isNext('enum')) return readEnum(parent);
    return null;
  }

  function readMessage(parent) {
    const message = { kind: 'message', name: take(), parent, fields: [], types: [] };
    expect('{');
    while (!isNext('}')) {
      const nested = readType(message);
      if (nested) message.types.push(nested);
      else if (isNext('oneof')) {
        const oneof = take();
        expect('{');
        while (!isNext('}')) message.fields.push({ ...readField('optional'), oneof });
      } else if (isNext('map')) {
        expect('<'); const key = take(); expect(','); const type = take(); expect('>');
        message.fields.push({ label: 'map', key, type, ...readRest() });
      } else if (isNext('optional')) message.fields.push(readField('optional'));
      else if (isNext('repeated')) message.fields.push(readField('repeated'));
      else message.fields.push(readField('always'));
    }
    return message;
  }

  function readField(label) {
    return { label, type: take(), ...readRest() };
  }

  function readRest() {
    const rest = { name: take() };
    expect('=');
    rest.number = number();
    if (isNext('[')) {
      expect('packed'); expect('='); rest.packed = take() === 'true'; expect(']');
    }
    expect(';');
    return rest;
  }

  function readEnum(parent) {
    const type = { kind: 'enum', name: take(), parent, values: [] };
    expect('{');
    while (!isNext('}')) {
      const name = take();
      expect('=');
      type.values.push({ name, number: number() });
      expect(';');
    }
    return type;
  }
}

export function fullName(type) {
  return type.parent ? `${fullName(type.parent)}.${type.name}` : type.name;
}

export function everyMessage(types) {
  return types.filter((t) => t.kind === 'message').flatMap((t) => [t, ...everyMessage(t.types)]);
}

/** Replaces type names by the types they mean; an inner scope hides an outer one. */
function resolve(top) {
  for (const message of everyMessage(top)) {
    for (const field of message.fields) {
      if (scalars.has(field.type)) continue;
      const path = field.type.split('.');
      let scope = message;
      let found = find(message.types, path);
      while (!found && scope) {
        scope = scope.parent;
        found = find(scope ? scope.types : top, path);
      }
      if (!found) throw new Error(`${fullName(message)}.${field.name}: no type ${field.type}`);
      field.type = found;
    }
  }
}

function find(types, [name, ...rest]) {
  const type = types?.find((t) => t.name === name);
  return type && rest.length > 0 ? find(type.types, rest) : type;
}
