using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Role: "text_encoder", "transformer" or "vae".</summary>
    public sealed unsafe class ModelPart
    {
        internal ModelPart(IntPtr inspection, int index)
        {
            var part = (UIntPtr)(uint)index;
            Role = Text.Of(Native.zimg_inspection_part_role, inspection, index);
            Dtypes = Text.Of(Native.zimg_inspection_part_dtypes, inspection, index);
            Tensors = Native.zimg_inspection_part_tensors(inspection, part);
            Parameters = Native.zimg_inspection_part_parameters(inspection, part);
            Bytes = Native.zimg_inspection_part_bytes(inspection, part);
            Files = Text.All(
                (handle, file, size) => Native.zimg_inspection_part_file(handle, part, file, size), inspection,
                Native.zimg_inspection_part_file_count(inspection, part));
        }

        public string Role { get; }
        public string Dtypes { get; }
        public ulong Tensors { get; }
        public ulong Parameters { get; }
        public ulong Bytes { get; }
        public IReadOnlyList<string> Files { get; }
    }

    /// <summary>A model folder: what was found in it.</summary>
    public sealed unsafe class Model
    {
        private Model(IntPtr inspection)
        {
            Path = Text.Of(Native.zimg_inspection_path, inspection);
            Name = Text.Of(Native.zimg_inspection_name, inspection);
            Layout = Text.Of(Native.zimg_inspection_layout, inspection);
            Identity = Text.Of(Native.zimg_inspection_identity, inspection);
            Width = Native.zimg_inspection_width(inspection);
            Height = Native.zimg_inspection_height(inspection);
            SizeStep = Native.zimg_inspection_size_step(inspection);
            MaxSide = Native.zimg_inspection_max_side(inspection);
            Steps = Native.zimg_inspection_steps(inspection);
            Guidance = Native.zimg_inspection_guidance(inspection);
            Shift = Native.zimg_inspection_shift(inspection);
            var parts = new List<ModelPart>();
            for (int i = 0; i < (int)Native.zimg_inspection_part_count(inspection); ++i)
            {
                parts.Add(new ModelPart(inspection, i));
            }
            Parts = parts;
            Problems = Text.All(
                Native.zimg_inspection_problem, inspection, Native.zimg_inspection_problem_count(inspection));
        }

        public string Path { get; }
        public string Name { get; }
        public string Layout { get; }

        /// <summary>Empty unless it was asked for.</summary>
        public string Identity { get; }

        /// <summary>Defaults of requests, and what sizes may be.</summary>
        public uint Width { get; }
        public uint Height { get; }
        public uint SizeStep { get; }
        public uint MaxSide { get; }
        public uint Steps { get; }
        public double Guidance { get; }
        public double Shift { get; }
        public IReadOnlyList<ModelPart> Parts { get; }

        /// <summary>What is wrong with it, one sentence each.</summary>
        public IReadOnlyList<string> Problems { get; }
        public bool IsSound => Problems.Count == 0;

        /// <summary>The folder of the built-in model.</summary>
        public static string BuiltinPath => Text.Taken(Set.Make(Native.zimg_builtin_model_path));

        /// <summary>Checks every tensor's name, shape, dtype and place. What is wrong is a problem, not an exception. The
        /// identity takes hashing all files.</summary>
        public static Model Inspect(string path, bool hasIdentity = false)
        {
            byte[] text = Text.Utf8(path, nameof(path), out UIntPtr size);
            IntPtr inspection;
            IntPtr error;
            int status;
            fixed (byte* data = text)
            {
                status = Native.zimg_model_inspect(data, size, hasIdentity ? 1 : 0, &inspection, &error);
            }
            ZimgException.Check(status, error);
            try
            {
                return new Model(inspection);
            }
            finally
            {
                Native.zimg_inspection_destroy(inspection);
            }
        }

        /// <summary>Rewrites the model at `path` into the folder `target`, which appears whole or not at all. `onProgress`
        /// gets the bytes done and in all; what it throws is thrown when the run is over.</summary>
        public static void Convert(
            string path, string target, WeightType weightType, Action<ulong, ulong> onProgress = null)
        {
            byte[] from = Text.Utf8(path, nameof(path), out UIntPtr fromSize);
            byte[] to = Text.Utf8(target, nameof(target), out UIntPtr toSize);
            using (var visit = new Visit())
            {
                IntPtr error;
                int status;
                fixed (byte* fromData = from)
                fixed (byte* toData = to)
                {
                    status = Native.zimg_model_convert(
                        fromData, fromSize, toData, toSize, (int)weightType, visit.Bytes(onProgress), IntPtr.Zero,
                        &error);
                }
                visit.Check(status, error);
            }
        }
    }

    /// <summary>How a model reads text. To be disposed; any number of threads.</summary>
    public sealed unsafe class Tokenizer : IDisposable
    {
        private readonly Handle handle;

        public Tokenizer(string modelPath)
        {
            handle = new Handle(
                Set.Make(Native.zimg_tokenizer_open, modelPath, nameof(modelPath)), Native.zimg_tokenizer_destroy,
                nameof(Tokenizer));
        }

        /// <summary>The ids of the text as it stands, or, as a prompt, in the prompt's template and cut to 512.</summary>
        public uint[] Encode(string text, bool isPrompt = false)
        {
            byte[] octets = Text.Utf8(text, nameof(text), out UIntPtr size);
            var ids = new uint[octets.Length + 64];  // a token has at least one octet, and the template has fewer
            while (true)
            {
                UIntPtr count;
                IntPtr error;
                int status;
                using (Handle.Use tokenizer = handle.Borrow())
                fixed (byte* data = octets)
                fixed (uint* idData = ids)
                {
                    status = Native.zimg_tokenizer_encode(
                        tokenizer.Pointer, data, size, isPrompt ? 1 : 0, idData, (UIntPtr)(uint)ids.Length, &count,
                        &error);
                }
                ZimgException.Check(status, error);
                bool isWhole = (ulong)count <= (ulong)ids.Length;
                Array.Resize(ref ids, (int)count);
                if (isWhole) return ids;
            }
        }

        /// <summary>The octets that one id stands for; none for an unused id.</summary>
        public byte[] Piece(uint id)
        {
            IntPtr bytes;
            IntPtr error;
            using (Handle.Use tokenizer = handle.Borrow())
            {
                ZimgException.Check(Native.zimg_tokenizer_piece(tokenizer.Pointer, id, &bytes, &error), error);
            }
            try
            {
                UIntPtr size;
                byte* data = Native.zimg_bytes_data(bytes, &size);
                return Text.Octets(data, size);
            }
            finally
            {
                Native.zimg_bytes_destroy(bytes);
            }
        }

        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
