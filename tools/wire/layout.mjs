// Which file holds which top-level type. A type in no file, a name of no type, and a circle of imports are errors.
import { everyMessage } from './read-schema.mjs';

const files = {
  Noise: ['CertChain', 'HandshakeMessage', 'NoiseCertificate'],
  Pairing: [
    /^ADV/, 'ClientPairingProps', 'ClientPayload', /^Companion/, 'DeviceConsistencyCodeMessage', 'DeviceProps', 'EncryptedPairingRequest',
    'PairingRequest', 'PrimaryEphemeralIdentity', 'ProloguePayload',
  ],
  Common: [
    'ActionLink', 'DisappearingMode', 'EmbeddedMusic', 'GroupMention', 'HydratedTemplateButton', 'KeepType', 'LimitSharing', 'Location',
    'MemberLabel', 'MessageKey', 'Money', 'Point', 'PollEncValue', 'ProcessedVideo', 'StatusAttribution', 'TapLinkAction', 'UrlTrackingMap',
  ],
  Context: ['DeviceListMetadata', 'MessageAddOnContextInfo', 'MessageAssociation', 'MessageContextInfo', 'ThreadID', 'WebLinkRenderConfig'],
  Bot: [
    /^AI(?!QueryFanout|RichResponseMessage$)/, /^Bot/, 'ForwardedAIBotMessageInfo', 'InThreadSurveyMetadata', /^SessionTransparency/,
  ],
  Media: ['ExternalBlobReference', 'MediaData', 'MediaNotifyMessage', 'MediaRetryNotification', 'PaymentBackground', 'ServerErrorReceipt'],
  Message: [
    'AIQueryFanout', 'AIRichResponseMessage', 'ContextInfo', 'EmbeddedContent', 'EmbeddedMessage', 'InteractiveAnnotation', 'Message',
    'MessageSecretMessage', 'TemplateButton',
  ],
  Web: [
    'ChatRowOpaqueData', 'Citation', 'CommentMetadata', 'EphemeralSetting', 'EventAdditionalMetadata', 'EventResponse', 'GroupHistoryBundleInfo',
    'GroupHistoryIndividualMessageInfo', 'InteractiveMessageAdditionalMetadata', 'KeepInChat', 'LegacyMessage', 'MessageAddOn', 'MsgOpaqueData',
    'MsgRowOpaqueData', 'NotificationMessageInfo', 'PaymentInfo', 'PhotoChange', 'PinInChat', 'PollAdditionalMetadata', 'PollUpdate',
    'PremiumMessageInfo', 'QuarantinedMessage', 'Reaction', 'Reportable', 'ReportingTokenInfo', 'StatusMentionMessage', 'StatusPSA', 'UserReceipt',
    'WebFeatures', 'WebMessageInfo', 'WebNotificationsInfo',
  ],
  Settings: [
    'AutoDownloadSettings', 'AvatarUserSettings', 'ChatLockSettings', 'Config', 'DeviceCapabilities', 'Field', 'GlobalSettings', 'MediaVisibility',
    'NotificationSettings', 'UserPassword', 'WallpaperSettings',
  ],
  Calls: ['CallLogRecord'],
  HistorySync: [
    'Account', 'Conversation', 'GroupParticipant', 'HistorySync', 'HistorySyncMsg', 'PastParticipant', 'PastParticipants',
    'PhoneNumberToLIDMapping', 'PrivacySystemMessage', 'Pushname', 'StickerMetadata',
  ],
  AppState: [
    'CollectionName', 'ExitCode', 'KeyId', 'MutationProps', 'PatchDebugData', 'RecentEmojiWeight', 'SyncActionData', 'SyncActionValue', /^Syncd/,
  ],
  Lid: [/^LIDMigration/],
  Business: [/^Biz/, 'LocalizedName', 'VerifiedNameCertificate'],
};

export function layOut(schema) {
  const fileOf = new Map();
  const used = new Set();
  for (const type of schema) {
    const homes = Object.entries(files).flatMap(([name, rules]) =>
      rules.filter((rule) => (rule instanceof RegExp ? rule.test(type.name) : rule === type.name)).map((rule) => used.add(rule) && name));
    if (homes.length !== 1) throw new Error(`${type.name} belongs to ${homes.length === 0 ? 'no file' : homes.join(' and ')}: see layout.mjs`);
    fileOf.set(type, homes[0]);
  }
  const stale = Object.values(files).flat().filter((rule) => !used.has(rule));
  if (stale.length > 0) throw new Error(`layout.mjs names what the peer has no more: ${stale.join(', ')}`);

  const laidOut = Object.keys(files).map((name) => {
    const types = schema.filter((type) => fileOf.get(type) === name).sort(byName);
    const imports = new Set(everyMessage(types)
      .flatMap((message) => message.fields.map((field) => field.type))
      .filter((type) => typeof type !== 'string')
      .map((type) => fileOf.get(topOf(type))));
    imports.delete(name);
    return { name, types, imports: [...imports].sort() };
  });
  refuseCircles(laidOut);
  return laidOut;
}

export function byName(a, b) {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function topOf(type) {
  return type.parent ? topOf(type.parent) : type;
}

function refuseCircles(laidOut) {
  const importsOf = new Map(laidOut.map((file) => [file.name, file.imports]));
  const done = new Set();
  const visit = (name, path) => {
    if (path.includes(name)) throw new Error(`imports go in a circle: ${[...path, name].join(' → ')}`);
    if (done.has(name)) return;
    for (const next of importsOf.get(name)) visit(next, [...path, name]);
    done.add(name);
  };
  for (const { name } of laidOut) visit(name, []);
}
