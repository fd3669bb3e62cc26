// What the wire carries beyond the pinned peer's schema (whatsmeow knows these), and what of it we leave out.
import { fullName } from './read-schema.mjs';

// The Signal protocol is not WhatsApp's own: its wire messages are hand-written in Signal.proto,
// and how records are stored is this project's business alone.
const signal = new Set([
  'IdentityKeyPairStructure', 'KeyExchangeMessage', 'PreKeyRecordStructure', 'PreKeySignalMessage', 'RecordStructure',
  'SenderKeyDistributionMessage', 'SenderKeyMessage', 'SenderKeyRecordStructure', 'SenderKeyStateStructure', 'SessionStructure',
  'SignalMessage', 'SignedPreKeyRecordStructure',
]);

export function completeSchema(top) {
  const schema = top.filter((type) => !signal.has(type.name));
  const one = (name) => schema.find((type) => type.name === name) ?? missing(name);

  // The salt of the tokens that vouch for a first message to a stranger, given at pairing and by app state.
  addField(one('HistorySync'), { label: 'optional', type: 'bytes', name: 'nctSalt', number: 19 });
  const values = one('SyncActionValue');
  const salt = { kind: 'message', name: 'NctSaltSyncAction', parent: values, types: [], fields: [] };
  addField(salt, { label: 'optional', type: 'bytes', name: 'salt', number: 1 });
  values.types.push(salt);
  addField(values, { label: 'optional', type: salt, name: 'nctSaltSyncAction', number: 80 });
  one('MutationProps').values.push({ name: 'NCT_SALT_SYNC_ACTION', number: 80 });

  // The number moved from 114, which the pinned peer has, to 115 (whatsmeow, from WhatsApp Web 2.3000.1029948479 on): both are read.
  const message = one('Message');
  const third = message.fields.find((field) => field.name === 'pollResultSnapshotMessageV3') ?? missing('pollResultSnapshotMessageV3');
  addField(message, { ...third, name: 'pollResultSnapshotMessageV3At115', number: 115 });
  return schema;
}

function addField(message, field) {
  if (message.fields.some((known) => known.number === field.number || known.name === field.name))
    throw new Error(`${fullName(message)} has ${field.name} = ${field.number} by now: drop it from superset.mjs`);
  message.fields.push(field);
}

function missing(name) {
  throw new Error(`the peer has no ${name}`);
}
