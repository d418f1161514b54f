using System;

namespace Zimg.Raw
{
    /// <summary>What callbacks that may fail have in common.</summary>
    internal static unsafe class Answer
    {
        /// <summary>Runs it and says what became of it, as zimg does; nothing that it throws crosses C.</summary>
        internal static int Run(IntPtr* outError, Action run)
        {
            try
            {
                run();
                return (int)Status.Ok;
            }
            catch (ZimgException failure)
            {
                return Fail(outError, failure.Status, failure.Message);
            }
            catch (OperationCanceledException failure)
            {
                return Fail(outError, Status.Cancelled, failure.Message);
            }
            catch (OutOfMemoryException failure)
            {
                return Fail(outError, Status.OutOfMemory, failure.Message);
            }
            catch (Exception failure)
            {
                return Fail(outError, Status.Internal, failure.GetType().Name + ": " + failure.Message);
            }
        }

        private static int Fail(IntPtr* outError, Status status, string message)
        {
            byte[] text = Text.Replaced(message);
            fixed (byte* data = Text.AtLeastOne(text))
            {
                if (outError != null) *outError = Native.zimg_error_create((int)status, data, (UIntPtr)text.Length);
            }
            return (int)status;
        }
    }

    /// <summary>Callbacks of one call: what they throw is kept, stops the call and is thrown again after it.</summary>
    internal sealed class Guard
    {
        private System.Runtime.ExceptionServices.ExceptionDispatchInfo failure;

        internal int Ask(Func<bool> ask)
        {
            if (failure != null) return 0;
            try
            {
                return ask() ? 1 : 0;
            }
            catch (Exception thrown)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown);
                return 0;
            }
        }

        internal void Tell(Action tell)
        {
            Ask(() => { tell(); return true; });
        }

        internal void Check(int status, IntPtr error)
        {
            if (failure != null)
            {
                Native.zimg_error_destroy(error);
                failure.Throw();
            }
            ZimgException.Check(status, error);
        }
    }
}
