namespace Evolution.Interop.Tests.Matrix;

/// <summary>Who writes what has to be there before, and which row it is.</summary>
internal static class EarlierKinds
{
    public static bool IsOwn(this Earlier earlier) => earlier is Earlier.OwnText or Earlier.OwnImage or Earlier.OwnVideo;

    public static string RowName(this Earlier earlier) => earlier switch
    {
        Earlier.OthersPoll => PollRows.VotedPoll,
        Earlier.OwnImage => "image",
        Earlier.OwnVideo => "video",
        _ => "text",
    };
}
