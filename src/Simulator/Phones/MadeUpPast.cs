using Evolution.Proto;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Phones;

/// <summary>Fills a new phone with chats that never were. The same phone always gets the same ones.</summary>
internal static class MadeUpPast
{
    public static void Add(Writes writes, Phone phone, PastSpec past, DateTimeOffset now)
    {
        for (var chat = 0; chat < past.Chats; chat++)
        {
            var contact = $"551155{chat:D7}";
            phone.Account.Contacts.Add(contact);
            for (var i = 0; i < past.MessagesPerChat; i++)
            {
                var fromMe = i % 2 == 1;
                var at = now.AddHours(-1).AddMinutes(-10 * chat).AddSeconds(-30 * (past.MessagesPerChat - i));
                phone.Messages.Add(writes, $"3AFA{chat:X6}{i:X8}", contact, fromMe ? phone.Number : contact, 0, at, new Message { Conversation = $"Message {i + 1} of chat {chat + 1}" });
            }
        }
    }
}
