using Evolution.Client.Messages.Sending;

namespace Evolution.Client.Messages.Retries;

/// <summary>A device's wish to get a message of ours encrypted again.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Count">How often the device asked, this time included.</param>
/// <param name="RegistrationId">The device's registration id; another than its session's means that the session is of no use.</param>
/// <param name="Bundle">The device's keys, when it sent them.</param>
internal sealed record RetryRequest(string MessageId, int Count, uint? RegistrationId, DeviceBundle? Bundle);
