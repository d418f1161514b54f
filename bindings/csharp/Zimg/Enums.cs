// The enumerations of zimg, with the numbers of its C API.
namespace Zimg
{
    /// <summary>What became of a call.</summary>
    public enum Status
    {
        Ok = 0,
        InvalidArgument = 1,
        NotFound = 2,
        BadModel = 3,
        Unsupported = 4,
        OutOfMemory = 5,
        Device = 6,
        Io = 7,
        Cache = 8,
        Cancelled = 9,
        Refused = 10,
        Closed = 11,
        Internal = 12,
    }

    /// <summary>How much of a prompt's spelling is folded away before key and model see it.</summary>
    public enum MatchLevel
    {
        Exact = 0,
        Normalized = 1,
        Loose = 2,
    }

    /// <summary>How the step sizes are laid out.</summary>
    public enum Schedule
    {
        Linear = 0,
        LegacyZeroEnd = 1,
        Native = 2,
    }

    /// <summary>What a request may do with the cache.</summary>
    public enum CacheMode
    {
        Normal = 0,
        Bypass = 1,
        Refresh = 2,
        OnlyIfCached = 3,
        NoStore = 4,
    }

    /// <summary>How a picture is encoded.</summary>
    public enum ImageFormat
    {
        Png = 1,
        Jpeg = 2,
    }

    /// <summary>What draws.</summary>
    public enum Device
    {
        Auto = 0,
        Cpu = 1,
        Cuda = 2,
    }

    /// <summary>The numbers that a drawing reckons with.</summary>
    public enum Precision
    {
        Auto = 0,
        Fp32 = 1,
        Bf16 = 2,
        Fp16 = 3,
    }

    /// <summary>What of the machine goes into the key; strict promises bit equality.</summary>
    public enum Fingerprint
    {
        Portable = 0,
        Strict = 1,
    }

    /// <summary>What of a drawing is kept: its PNG, or only the format that was asked for.</summary>
    public enum Kept
    {
        Lossless = 0,
        Delivered = 1,
    }

    /// <summary>What becomes of a prompt that holds a listed word.</summary>
    public enum KeywordAction
    {
        NoStore = 0,
        Refuse = 1,
        Tag = 2,
    }

    /// <summary>How a picture was come by.</summary>
    public enum Outcome
    {
        Hit = 0,
        Drawn = 1,
        Joined = 2,
    }

    /// <summary>Whether a picture is kept.</summary>
    public enum Stored
    {
        Yes = 0,
        No = 1,
        Pending = 2,
    }

    /// <summary>Where the time of a request went.</summary>
    public enum Stage
    {
        Canonicalize = 0,
        Lookup = 1,
        Wait = 2,
        Load = 3,
        EncodeText = 4,
        Denoise = 5,
        Decode = 6,
        EncodeImage = 7,
        Total = 8,
    }

    /// <summary>How far a job is.</summary>
    public enum JobState
    {
        Created = 0,
        Running = 1,
        Done = 2,
    }

    /// <summary>What happened to a request; the first five end it.</summary>
    public enum TraceKind
    {
        Hit = 0,
        Miss = 1,
        Joined = 2,
        Bypassed = 3,
        Failed = 4,
        Expired = 5,
        Invalidated = 6,
        Filtered = 7,
        Evicted = 8,
        Corrupt = 9,
    }

    /// <summary>Which latencies.</summary>
    public enum Histogram
    {
        Hit = 0,
        Miss = 1,
        Joined = 2,
        Lookup = 3,
        Draw = 4,
        Store = 5,
    }

    /// <summary>What a cache did with an entry.</summary>
    public enum StoreOutcome
    {
        Stored = 0,
        TooFull = 1,
        TooLarge = 2,
        OverQuota = 3,
    }

    /// <summary>A scene with its namespace and its rule.</summary>
    public enum Preset
    {
        PublicDemo = 0,
        Personal = 1,
        Batch = 2,
        AbTest = 3,
    }

    /// <summary>Why a prewarming run ended.</summary>
    public enum PrewarmEnd
    {
        AllDone = 0,
        PicturesSpent = 1,
        SecondsSpent = 2,
        BytesSpent = 3,
        Cancelled = 4,
        NotStored = 5,
    }

    /// <summary>What weights are written as.</summary>
    public enum WeightType
    {
        Fp32 = 0,
        Bf16 = 1,
        Fp16 = 2,
    }

    /// <summary>What a build of the library may have or lack.</summary>
    public enum Feature
    {
        Engine = 0,
        SimplifiedChinese = 1,
    }

    /// <summary>What a count is of.</summary>
    public enum Count
    {
        Entries = 0,
        PayloadBytes = 1,
        UsedBytes = 2,
        CapacityBytes = 3,
        Hits = 4,
        Misses = 5,
        Stored = 6,
        Evicted = 7,
        Expired = 8,
        Corrupt = 9,
        Rejected = 10,
        Pinned = 11,
        SavedBytes = 12,
        OldestMs = 13,
        Unreadable = 14,
        LeftOut = 15,
        Refused = 16,
        ReadBytes = 17,
        FileBytes = 18,
        IsWhole = 19,
        Lost = 20,
        TreeDamages = 21,
        DiskBytesBefore = 22,
        DiskBytesAfter = 23,
        Joined = 24,
        Bypassed = 25,
        Failed = 26,
        Invalidated = 27,
        Filtered = 28,
        Drawn = 29,
        Unstored = 30,
        Listed = 31,
        Checked = 32,
        Different = 33,
        Found = 34,
        Missing = 35,
        Done = 36,
        Left = 37,
        DrawnBytes = 38,
    }
}
