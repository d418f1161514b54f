using System;
using System.Threading;
using System.Threading.Tasks;

namespace Zimg
{
    public sealed partial class Generator
    {
        /// <summary>As Generate(), on a thread of zimg. The task ends when the drawing has ended, also where it was
        /// cancelled.</summary>
        public Task<Result> GenerateAsync(
            Request request, CancellationToken cancellation = default, IProgress<Progress> progress = null)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            if (cancellation.IsCancellationRequested) return Task.FromCanceled<Result>(cancellation);
            var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            var job = new Job(handle, guard, request, cancellation, progress, () => ended.TrySetResult(true));
            return Finish(job, ended.Task, cancellation);
        }

        private static async Task<Result> Finish(Job job, Task ended, CancellationToken cancellation)
        {
            using (job)
            {
                await ended.ConfigureAwait(false);
                return ResultOf(job, cancellation);
            }
        }

        private static Result ResultOf(Job job, CancellationToken cancellation)
        {
            try
            {
                return job.Result();
            }
            catch (ZimgCancelledException cancelled) when (cancellation.IsCancellationRequested)
            {
                throw new ZimgCancelledException(cancelled.Message, cancellation);
            }
        }
    }
}
