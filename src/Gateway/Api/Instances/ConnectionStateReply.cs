using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>{"instance":{"instanceName","state"}}</c>.</summary>
internal static class ConnectionStateReply
{
    public static ApiReply Of(Instance instance, ConnectionState state) => ApiReply.Ok(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("instance");
        writer.WriteString("instanceName", instance.Name);
        writer.WriteString("state", ConnectionStateNames.Of(state));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
