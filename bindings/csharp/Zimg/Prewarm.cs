using System;
using System.Collections.Generic;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>A list of pictures to have ready. No drawing is begun once a budget is spent; null is no end.</summary>
    public sealed unsafe class Prewarm
    {
        private readonly List<KeyValuePair<Request, double>> items = new List<KeyValuePair<Request, double>>();

        public ulong? BudgetPictures { get; set; }
        public TimeSpan? BudgetTime { get; set; }
        public ulong? BudgetBytes { get; set; }

        /// <summary>Requests side by side, 1 to 64.</summary>
        public uint AtOnce { get; set; } = 2;

        /// <summary>The higher priorities are drawn first.</summary>
        public Prewarm Add(Request request, double priority = 0)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            items.Add(new KeyValuePair<Request, double>(request, priority));
            return this;
        }

        internal PrewarmReport Run(IntPtr generator, CancellationToken cancellation, RunProgress onProgress)
        {
            IntPtr prewarm = Set.Make(Native.zimg_prewarm_create);
            try
            {
                Fill(prewarm);
                IntPtr report;
                IntPtr error;
                using (var visit = new Visit())
                using (var cancelling = new Cancelling(cancellation))
                {
                    cancelling.SetIn(Native.zimg_prewarm_set_cancel_token, prewarm);
                    visit.Check(
                        Native.zimg_prewarm_run(
                            prewarm, generator, visit.Tallies(onProgress), IntPtr.Zero, &report, &error),
                        error);
                }
                try
                {
                    return new PrewarmReport(report);
                }
                finally
                {
                    Native.zimg_prewarm_report_destroy(report);
                }
            }
            finally
            {
                Native.zimg_prewarm_destroy(prewarm);
            }
        }

        private void Fill(IntPtr prewarm)
        {
            foreach (KeyValuePair<Request, double> item in items)
            {
                IntPtr request = item.Key.Make();
                IntPtr error;
                int status = Native.zimg_prewarm_add(prewarm, request, item.Value, &error);
                Native.zimg_request_destroy(request);
                ZimgException.Check(status, error);
            }
            if (BudgetPictures is ulong pictures)
            {
                Set.To(Native.zimg_prewarm_set_budget_pictures, prewarm, pictures);
            }
            if (BudgetTime is TimeSpan time)
            {
                Set.To(Native.zimg_prewarm_set_budget_seconds, prewarm, time.TotalSeconds);
            }
            if (BudgetBytes is ulong bytes) Set.To(Native.zimg_prewarm_set_budget_bytes, prewarm, bytes);
            Set.To(Native.zimg_prewarm_set_at_once, prewarm, AtOnce);
        }
    }

    public sealed class PrewarmFailure
    {
        internal unsafe PrewarmFailure(IntPtr report, int index)
        {
            var at = (UIntPtr)(uint)index;
            Item = (int)Native.zimg_prewarm_report_failure_item(report, at);
            Status = (Status)Native.zimg_prewarm_report_failure_status(report, at);
            Message = Text.Of(Native.zimg_prewarm_report_failure_message, report, index);
        }

        /// <summary>Its place in the list, from 0.</summary>
        public int Item { get; }
        public Status Status { get; }
        public string Message { get; }
    }

    public sealed class PrewarmReport
    {
        internal unsafe PrewarmReport(IntPtr report)
        {
            End = (PrewarmEnd)Native.zimg_prewarm_report_end(report);
            Note = Text.Of(Native.zimg_prewarm_report_note, report);
            Counts = new Counts(count => Native.zimg_prewarm_report_count(report, count));
            Time = TimeSpan.FromSeconds(Native.zimg_prewarm_report_seconds(report));
            var failures = new List<PrewarmFailure>();
            for (int i = 0; i < (int)Native.zimg_prewarm_report_failure_count(report); ++i)
            {
                failures.Add(new PrewarmFailure(report, i));
            }
            Failures = failures;
        }

        public PrewarmEnd End { get; }

        /// <summary>Why pictures are not stored; empty otherwise.</summary>
        public string Note { get; }

        /// <summary>Listed Different Found Drawn Unstored Left DrawnBytes.</summary>
        public Counts Counts { get; }
        public TimeSpan Time { get; }
        public IReadOnlyList<PrewarmFailure> Failures { get; }
    }
}
