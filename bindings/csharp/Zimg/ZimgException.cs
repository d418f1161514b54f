using System;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>A failure of zimg: a status to branch on and one sentence, which never holds a prompt.</summary>
    public class ZimgException : Exception
    {
        public ZimgException(Status status, string message) : base(message)
        {
            Status = status;
        }

        public Status Status { get; }

        /// <summary>Throws where a call failed; takes over the zimg_error that it left.</summary>
        internal static void Check(int status, IntPtr error)
        {
            if (status != 0) throw Taken((Status)status, error);
        }

        internal static unsafe Exception Taken(Status status, IntPtr error)
        {
            string message = "zimg failed and had no memory to say more";
            if (error != IntPtr.Zero)
            {
                UIntPtr size;
                byte* text = Native.zimg_error_message(error, &size);
                message = Text.From(text, size);
                Native.zimg_error_destroy(error);
            }
            if (status == Status.Cancelled) return new ZimgCancelledException(message);
            return new ZimgException(status, message);
        }
    }

    /// <summary>The caller asked to stop.</summary>
    public class ZimgCancelledException : OperationCanceledException
    {
        public ZimgCancelledException(string message) : base(message) { }

        internal ZimgCancelledException(string message, System.Threading.CancellationToken token)
            : base(message, token) { }
    }
}
