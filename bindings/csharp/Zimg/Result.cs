using System;
using System.Collections.Generic;
using System.IO;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>How a picture came about.</summary>
    public sealed unsafe class Report
    {
        internal Report(IntPtr report)
        {
            Outcome = (Outcome)Native.zimg_report_outcome(report);
            Key = new Key(Native.zimg_report_key(report));
            Stored = (Stored)Native.zimg_report_stored(report);
            StoreNote = Text.Of(Native.zimg_report_store_note, report);
            Warnings = Text.All(Native.zimg_report_warning, report, Native.zimg_report_warning_count(report));
            Folded = Text.All(Native.zimg_report_folded, report, Native.zimg_report_folded_count(report));
            Tags = Text.All(Native.zimg_report_tag, report, Native.zimg_report_tag_count(report));
            IsConverted = Native.zimg_report_is_converted(report) != 0;
            IsFiltered = Native.zimg_report_is_filtered(report) != 0;
            IsFlat = Native.zimg_report_is_flat(report) != 0;
            Seed = Native.zimg_report_seed(report);
            Steps = Native.zimg_report_steps(report);
            Guidance = Native.zimg_report_guidance(report);
            Model = Text.Of(Native.zimg_report_model, report);
            Namespace = Text.Of(Native.zimg_report_namespace, report);
            PayloadSha256 = Text.Of(Native.zimg_report_payload_sha256, report);
            StagesMs = Stages.Of(stage => Native.zimg_report_stage_ms(report, stage));
        }

        public Outcome Outcome { get; }
        public bool IsHit => Outcome == Outcome.Hit;
        public Key Key { get; }
        public Stored Stored { get; }

        /// <summary>Why it was not stored, one sentence; empty otherwise.</summary>
        public string StoreNote { get; }

        /// <summary>A cache that could not be used, a flat picture: one sentence each.</summary>
        public IReadOnlyList<string> Warnings { get; }

        /// <summary>What was folded before key and model saw it, one phrase each.</summary>
        public IReadOnlyList<string> Folded { get; }

        /// <summary>Of the keyword lists that tag.</summary>
        public IReadOnlyList<string> Tags { get; }

        /// <summary>A hit made from the stored PNG.</summary>
        public bool IsConverted { get; }

        /// <summary>A keyword list names a word of the prompt.</summary>
        public bool IsFiltered { get; }

        /// <summary>One colour: delivered, never stored.</summary>
        public bool IsFlat { get; }

        /// <summary>As drawn.</summary>
        public uint Seed { get; }
        public uint Steps { get; }
        public double Guidance { get; }
        public string Model { get; }
        public string Namespace { get; }

        /// <summary>Of the picture as stored, before parameters are spliced in.</summary>
        public string PayloadSha256 { get; }

        /// <summary>Milliseconds of the stages that ran.</summary>
        public IReadOnlyDictionary<Stage, double> StagesMs { get; }
    }

    /// <summary>A picture. To be read by any number of threads; RefreshStored() by one alone.</summary>
    public sealed unsafe class Result : IDisposable
    {
        private readonly Handle handle;
        private byte[] bytes;

        internal Result(IntPtr pointer)
        {
            handle = new Handle(pointer, Native.zimg_result_destroy, nameof(Result));
        }

        /// <summary>The encoded picture, copied once; also after Dispose() where it was asked for before.</summary>
        public byte[] Bytes
        {
            get
            {
                if (bytes != null) return bytes;
                using (Handle.Use result = handle.Borrow())
                {
                    UIntPtr size;
                    byte* data = Native.zimg_result_bytes(result.Pointer, &size);
                    return bytes = Text.Octets(data, size);
                }
            }
        }

        /// <summary>How many octets the encoded picture has.</summary>
        public int Length
        {
            get
            {
                using (Handle.Use result = handle.Borrow())
                {
                    UIntPtr size;
                    Native.zimg_result_bytes(result.Pointer, &size);
                    return checked((int)size);
                }
            }
        }

        /// <summary>Copies the encoded picture into a buffer, which may be used again for the next; where a hit counts, that
        /// is faster than a new array for each. Says how many octets it was.</summary>
        public int CopyTo(byte[] buffer)
        {
            if (buffer == null) throw new ArgumentNullException(nameof(buffer));
            using (Handle.Use result = handle.Borrow())
            {
                IntPtr error;
                int status;
                fixed (byte* data = Text.AtLeastOne(buffer))
                {
                    status = Native.zimg_result_copy_bytes(
                        result.Pointer, (IntPtr)data, (UIntPtr)(uint)buffer.Length, &error);
                }
                ZimgException.Check(status, error);
                UIntPtr size;
                Native.zimg_result_bytes(result.Pointer, &size);
                return (int)size;
            }
        }

        /// <summary>The same octets, not copied; to be disposed, and good for longer than the result.</summary>
        public Stream OpenRead()
        {
            using (Handle.Use result = handle.Borrow())
            {
                IntPtr shared;
                IntPtr error;
                ZimgException.Check(Native.zimg_result_share_bytes(result.Pointer, &shared, &error), error);
                return new SharedStream(new Handle(shared, Native.zimg_bytes_destroy, "the picture's stream"));
            }
        }

        public ImageFormat Format => (ImageFormat)Ask(Native.zimg_result_format);
        public int Width => (int)AskUnsigned(Native.zimg_result_width);
        public int Height => (int)AskUnsigned(Native.zimg_result_height);
        public Outcome Outcome => (Outcome)Ask(result => Native.zimg_report_outcome(Native.zimg_result_report(result)));
        public bool IsHit => Ask(result => Native.zimg_report_is_hit(Native.zimg_result_report(result))) != 0;

        /// <summary>As it is known now.</summary>
        public Report Report
        {
            get
            {
                using (Handle.Use result = handle.Borrow())
                {
                    return new Report(Native.zimg_result_report(result.Pointer));
                }
            }
        }

        /// <summary>Brings what the report says about storing up to date; final after Generator.Drain().</summary>
        public Stored RefreshStored()
        {
            using (Handle.Use result = handle.Borrow())
            {
                IntPtr error;
                ZimgException.Check(Native.zimg_result_refresh_stored(result.Pointer, &error), error);
                return (Stored)Native.zimg_report_stored(Native.zimg_result_report(result.Pointer));
            }
        }

        /// <summary>Its pixels.</summary>
        public Picture Decode()
        {
            return Picture.Decode(Bytes);
        }

        /// <summary>Writes the encoded picture to the file, in place of what was there. Not atomic: who reads meanwhile sees
        /// a part.</summary>
        public void Save(string path)
        {
            File.WriteAllBytes(path, Bytes);
        }

        public void Dispose()
        {
            handle.Dispose();
        }

        private int Ask(Func<IntPtr, int> get)
        {
            using (Handle.Use result = handle.Borrow()) return get(result.Pointer);
        }

        private uint AskUnsigned(Func<IntPtr, uint> get)
        {
            using (Handle.Use result = handle.Borrow()) return get(result.Pointer);
        }

        /// <summary>Reads octets that zimg owns for as long as it is open.</summary>
        private sealed class SharedStream : UnmanagedMemoryStream
        {
            private readonly Handle owner;
            private Handle.Use use;

            internal SharedStream(Handle owner)
            {
                this.owner = owner;
                use = owner.Borrow();
                UIntPtr size;
                byte* data = Native.zimg_bytes_data(use.Pointer, &size);
                Initialize(data, (long)size, (long)size, FileAccess.Read);
            }

            // The use keeps the owner from being let go of, also where both are only dropped.
            ~SharedStream()
            {
                Dispose(false);
            }

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                use.Dispose();
                if (disposing) owner.Dispose();
            }
        }
    }
}
