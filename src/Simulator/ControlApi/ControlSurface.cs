using System.Text.Json.Nodes;
using Evolution.Simulator.Faults;
using Evolution.Simulator.Load;
using Evolution.Simulator.Page;
using Evolution.Simulator.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Evolution.Simulator.ControlApi;

/// <summary>The control API: everything that is reached over HTTP beside WhatsApp's own WebSocket.</summary>
internal sealed class ControlSurface(SimulatorHost host)
{
    private readonly SimulatedWorld _world = host.World;
    private readonly StanzaRecorder _recorder = new(host.World.Time);
    private readonly FaultTable _faults = new(host.World.Time);
    private readonly LoadGenerator _loads = new(host.World);

    /// <summary>Takes the calls of everything but the media host, whose answers faults may replace.</summary>
    public void Map(WebApplication app)
    {
        app.MapWhen(context => context.Request.IsHttps, media => media.Run(MediaAsync));
        app.UseWebSockets();
        _world.Interceptor = new StanzaPassage(_recorder, _faults, _loads);
        var routes = new ControlRouting(_world, app);
        routes.UseGuard();
        routes.Map("GET", "/v1/info", InfoAsync);
        routes.Map("POST", "/v1/reset", ResetAsync);
        new PhoneEndpoints(_world).AddTo(routes);
        new MessageEndpoints(_world).AddTo(routes);
        new PrivacyEndpoints(_world).AddTo(routes);
        AppStateEndpoints.AddTo(routes);
        new CallEndpoints(_world).AddTo(routes);
        new GroupEndpoints(_world).AddTo(routes);
        new ClientEndpoints(_world, _recorder).AddTo(routes);
        new FaultEndpoints(_world, _faults).AddTo(routes);
        new LoadEndpoints(_world, _loads).AddTo(routes);
        PageEndpoints.AddTo(routes);
    }

    private Task MediaAsync(HttpContext context)
    {
        if (_faults.MediaStatus(context.Request.Method) is not { } status)
            return _world.Media.HandleAsync(context);
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private Task InfoAsync(ControlCall call) => call.AnswerAsync(200, new JsonObject
    {
        ["webSocketUrl"] = host.WebSocketUrl.ToString(),
        ["rootKey"] = Convert.ToHexStringLower(host.RootKey),
        ["mediaHost"] = _world.MediaHostName,
        ["mediaCa"] = host.MediaCa,
        ["version"] = typeof(SimulatorHost).Assembly.GetName().Version?.ToString(3),
        ["simulator"] = true,
    });

    private async Task ResetAsync(ControlCall call)
    {
        _faults.Clear();
        _loads.StopAll();
        await _world.ResetAsync().ConfigureAwait(false);
        _recorder.Clear();
        await call.NothingAsync(204).ConfigureAwait(false);
    }
}
