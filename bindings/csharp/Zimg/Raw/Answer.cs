using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Zimg.Raw
{
    /// <summary>What callbacks that may fail have in common. Nothing that they throw crosses C or counts as success.
    /// </summary>
    internal static unsafe class Answer
    {
        /// <summary>Runs it and says what became of it, as zimg does.</summary>
        internal static int Run(IntPtr* outError, Action run)
        {
            try
            {
                run();
                return (int)Status.Ok;
            }
            catch (ZimgException failure)
            {
                bool isFailure = failure.Status != Status.Ok && Enum.IsDefined(typeof(Status), failure.Status);
                return Fail(outError, isFailure ? failure.Status : Status.Internal, Shown(failure));
            }
            catch (OperationCanceledException failure)
            {
                return Fail(outError, Status.Cancelled, Shown(failure));
            }
            catch (OutOfMemoryException failure)
            {
                return Fail(outError, Status.OutOfMemory, Shown(failure));
            }
            catch (Exception failure)
            {
                return Fail(outError, Status.Internal, failure.GetType().Name + ": " + Shown(failure));
            }
        }

        private static string Shown(Exception failure)
        {
            try
            {
                return failure.Message ?? "";
            }
            catch (Exception)
            {
                return "an exception whose text cannot be made";
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

    /// <summary>Callbacks and the calls that they come from: what they throw is kept, stops the call where that can be and
    /// is thrown again after it. Any thread.</summary>
    internal sealed class Guard
    {
        private ExceptionDispatchInfo failure;

        internal int Ask(Func<bool> ask)
        {
            if (Volatile.Read(ref failure) != null) return 0;
            try
            {
                return ask() ? 1 : 0;
            }
            catch (Exception thrown)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(thrown), null);
                return 0;
            }
        }

        internal void Tell(Action tell)
        {
            Ask(() => { tell(); return true; });
        }

        internal void Check(int status, IntPtr error)
        {
            // Taken at once: another call that failed meanwhile may be after the same one.
            ExceptionDispatchInfo taken = Interlocked.Exchange(ref failure, null);
            if (taken != null)
            {
                if (status != 0) Native.zimg_error_destroy(error);
                taken.Throw();
            }
            ZimgException.Check(status, error);
        }

        /// <summary>Check(), for a call that has given out `made`, which goes where that throws.</summary>
        internal void Check(int status, IntPtr error, IntPtr made, Handle.Destroy destroy)
        {
            try
            {
                Check(status, error);
            }
            catch
            {
                if (status == 0) destroy(made);
                throw;
            }
        }

        /// <summary>What was kept, which is gone then.</summary>
        internal void ThrowFailure()
        {
            Interlocked.Exchange(ref failure, null)?.Throw();
        }
    }
}
