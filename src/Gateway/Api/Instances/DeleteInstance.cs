using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>DELETE /instance/delete/{instanceName}</c>: in any state. When it answers, the name is free again.</summary>
internal sealed class DeleteInstance(InstanceLifecycle lifecycle)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        if (!await lifecycle.DeleteAsync(call.Instance))
            throw ApiException.NoInstance(call.Instance.Name);
        return SuccessReply.Of("Instance deleted");
    }
}
