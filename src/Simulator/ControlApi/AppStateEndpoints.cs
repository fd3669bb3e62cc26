namespace Evolution.Simulator.ControlApi;

/// <summary>What a person does with chats and labels. Linked devices would have to get app-state patches for it, which phones here do not make yet.</summary>
internal static class AppStateEndpoints
{
    public static void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/phones/{number}/chats/{jid}", Refuse);
        routes.Map("POST", "/v1/phones/{number}/labels", Refuse);
    }

    private static Task Refuse(ControlCall call)
    {
        call.Phone();
        throw new ControlException(422, "not_available_yet",
            "This simulator's phones cannot archive, pin, mute, mark, delete or label chats yet. Change the chat on a linked device instead.");
    }
}
