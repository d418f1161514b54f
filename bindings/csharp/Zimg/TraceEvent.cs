using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>What happened to a request.</summary>
    public sealed unsafe class TraceEvent
    {
        internal TraceEvent(IntPtr @event)
        {
            Kind = (TraceKind)Native.zimg_trace_event_kind(@event);
            At = DateTimeOffset.FromUnixTimeMilliseconds(Native.zimg_trace_event_at_ms(@event));
            KeyPrefix = Text.Of(Native.zimg_trace_event_key_prefix, @event);
            Namespace = Text.Of(Native.zimg_trace_event_namespace, @event);
            Reason = Text.Of(Native.zimg_trace_event_reason, @event);
            Prompt = Text.Of(Native.zimg_trace_event_prompt, @event);
            StagesMs = Stages.Of(stage => Native.zimg_trace_event_stage_ms(@event, stage));
            IntPtr text;
            IntPtr error;
            ZimgException.Check(Native.zimg_trace_event_json(@event, &text, &error), error);
            Json = Text.Taken(text);
        }

        public TraceKind Kind { get; }
        public DateTimeOffset At { get; }

        /// <summary>12 hexadecimal digits; empty where the request failed before it had a key.</summary>
        public string KeyPrefix { get; }
        public string Namespace { get; }
        public string Reason { get; }

        /// <summary>Empty unless the options ask for prompts.</summary>
        public string Prompt { get; }

        /// <summary>Milliseconds of the stages that ran.</summary>
        public IReadOnlyDictionary<Stage, double> StagesMs { get; }

        /// <summary>The event as one JSON object on one line.</summary>
        public string Json { get; }
    }

    internal static class Stages
    {
        internal static IReadOnlyDictionary<Stage, double> Of(Func<int, double> get)
        {
            var stages = new Dictionary<Stage, double>();
            foreach (Stage stage in Enum.GetValues(typeof(Stage)))
            {
                double ms = get((int)stage);
                if (ms != 0) stages[stage] = ms;
            }
            return stages;
        }
    }
}
