// The structs and callbacks of the C API.
using System;
using System.Runtime.InteropServices;

namespace Zimg.Raw
{
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Key
    {
        internal fixed byte bytes[32];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PipelineTable
    {
        internal UIntPtr struct_size;
        internal IntPtr draw;
        internal IntPtr release;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct CacheTable
    {
        internal UIntPtr struct_size;
        internal IntPtr find;
        internal IntPtr store;
        internal IntPtr erase;
        internal IntPtr release;
        internal IntPtr list;
        internal IntPtr contains;
        internal IntPtr pin;
        internal IntPtr stats;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void ReleaseFunction(IntPtr user_data);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void ProgressFunction(IntPtr user_data, IntPtr progress);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void TraceFunction(IntPtr user_data, IntPtr @event);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void BytesProgressFunction(IntPtr user_data, ulong done_bytes, ulong total_bytes);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void JobFunction(IntPtr user_data, IntPtr job);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate void WarningFunction(IntPtr user_data, byte* warning, UIntPtr size);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate long ClockFunction(IntPtr user_data);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int EntryFunction(IntPtr user_data, Key* key, IntPtr entry, ulong payload_bytes);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int TallyFunction(IntPtr user_data, IntPtr so_far);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate void RefusedFunction(IntPtr user_data, ulong number, Key* key, byte* reason, UIntPtr size);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int DrawFunction(IntPtr user_data, IntPtr drawing, IntPtr out_picture, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int FindFunction(
        IntPtr user_data, Key* key, IntPtr out_entry, int* out_is_there, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int StoreFunction(
        IntPtr user_data, Key* key, IntPtr entry, int* out_outcome, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int EraseFunction(IntPtr user_data, Key* key, int* out_was_there, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int ListFunction(IntPtr user_data, IntPtr visit, IntPtr visit_data, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int ContainsFunction(IntPtr user_data, Key* key, int* out_is_there, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int PinFunction(
        IntPtr user_data, Key* key, int is_pinned, int* out_is_there, IntPtr* out_error);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal unsafe delegate int StatsFunction(IntPtr user_data, IntPtr out_stats, IntPtr* out_error);
}
