using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Zimg.Conformance
{
    /// <summary>Values of the library, filled with the fields of a case.</summary>
    internal static class Fill
    {
        internal static Options Options(Case subject)
        {
            var options = new Options();
            foreach (KeyValuePair<string, string> field in subject.Behind("options."))
            {
                Set(options, subject, field.Key, field.Value);
            }
            return options;
        }

        private static void Set(Options options, Case subject, string name, string value)
        {
            switch (name)
            {
                case "model": options.Model = value; break;
                case "pipeline":
                    options.Pipeline = new Painter(value);
                    options.PipelineIdentity = "conformance 1";
                    break;
                case "device": options.Device = (Device)int.Parse(value); break;
                case "precision": options.Precision = (Precision)int.Parse(value); break;
                case "fingerprint": options.Fingerprint = (Fingerprint)int.Parse(value); break;
                case "threads": options.Threads = uint.Parse(value); break;
                case "kept": options.Kept = (Kept)int.Parse(value); break;
                case "synonyms": options.Synonyms = value; break;
                case "engine_path": options.EnginePath = value; break;
                case "drawings_at_once": options.DrawingsAtOnce = uint.Parse(value); break;
                case "secret_namespace":
                    options.NamespaceSecrets[value] = Encoding.UTF8.GetBytes(subject["options.secret"]);
                    break;
                case "keywords":
                    var action = (KeywordAction)int.Parse(subject["options.keyword_action"]);
                    options.Keywords.Add(new Keywords(value, action, subject["options.keyword_tag"] ?? ""));
                    break;
                case "secret":
                case "keyword_action":
                case "keyword_tag":
                case "cache":
                    break;  // read with another field, or when the cache is opened
                default: throw new InvalidDataException("an unknown option: " + name);
            }
        }

        internal static Request Request(Case subject)
        {
            var request = new Request();
            foreach (KeyValuePair<string, string> field in subject.Behind("request."))
            {
                Set(request, field.Key, field.Value);
            }
            return request;
        }

        private static void Set(Request request, string name, string value)
        {
            switch (name)
            {
                case "prompt": request.Prompt = value; break;
                case "negative_prompt": request.NegativePrompt = value; break;
                case "width": request.Width = uint.Parse(value); break;
                case "height": request.Height = uint.Parse(value); break;
                case "steps": request.Steps = uint.Parse(value); break;
                case "guidance": request.Guidance = Number(value); break;
                case "guidance_normalization": request.GuidanceNormalization = Number(value); break;
                case "guidance_truncation": request.GuidanceTruncation = Number(value); break;
                case "schedule": request.Schedule = (Schedule)int.Parse(value); break;
                case "seed": request.Seed = ulong.Parse(value); break;
                case "vae_tiling": request.VaeTiling = value == "1"; break;
                case "match": request.MatchLevel = (MatchLevel)int.Parse(value); break;
                case "namespace": request.Namespace = value; break;
                case "format": request.Format = (ImageFormat)int.Parse(value); break;
                case "jpeg_quality": request.JpegQuality = int.Parse(value); break;
                case "splice_parameters": request.SpliceParameters = value == "1"; break;
                case "cache_mode": request.CacheMode = (CacheMode)int.Parse(value); break;
                case "ttl_ms": request.TimeToLive = TimeSpan.FromTicks(long.Parse(value) * 10000); break;
                case "ttl_jitter": request.TimeToLiveJitter = Number(value); break;
                case "tag": request.Tag = value; break;
                case "pin": request.Pin = value == "1"; break;
                case "preview": request.Preview = value == "1"; break;
                case "progress":
                case "cancel":
                    break;  // given to Generate()
                default: throw new InvalidDataException("an unknown field of a request: " + name);
            }
        }

        internal static Entry Entry(Case subject)
        {
            var entry = new Entry();
            foreach (KeyValuePair<string, string> field in subject.Behind("entry."))
            {
                Set(entry, field.Key, field.Value);
            }
            return entry;
        }

        private static void Set(Entry entry, string name, string value)
        {
            switch (name)
            {
                case "payload": entry.Payload = Encoding.UTF8.GetBytes(value); break;
                case "format": entry.Format = (ImageFormat)int.Parse(value); break;
                case "width": entry.Width = uint.Parse(value); break;
                case "height": entry.Height = uint.Parse(value); break;
                case "seed": entry.Seed = uint.Parse(value); break;
                case "steps": entry.Steps = uint.Parse(value); break;
                case "guidance": entry.Guidance = Number(value); break;
                case "draw_ms": entry.DrawMs = Number(value); break;
                case "stored_at_ms": entry.StoredAtMs = long.Parse(value); break;
                case "expires_at_ms": entry.ExpiresAtMs = long.Parse(value); break;
                case "namespace": entry.Namespace = value; break;
                case "model": entry.Model = value; break;
                case "tag": entry.Tag = value; break;
                case "pinned": entry.IsPinned = value == "1"; break;
                default: throw new InvalidDataException("an unknown field of an entry: " + name);
            }
        }

        private static double Number(string value)
        {
            if (value == "nan") return BitConverter.Int64BitsToDouble(0x7FF8L << 48);  // double.NaN has a sign
            if (value == "inf") return double.PositiveInfinity;
            return double.Parse(value, CultureInfo.InvariantCulture);
        }
    }
}
