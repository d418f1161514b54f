using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Which entries of a cache stay and which go.</summary>
    public sealed unsafe class Policy
    {
        private static readonly ClockFunction now = Now;  // for ever: C may call them at any time
        private static readonly WarningFunction warned = Warned;

        private readonly List<Action<IntPtr>> rules = new List<Action<IntPtr>>();

        /// <summary>0 to 1: the share of a rule's time to live that chance may take off.</summary>
        public double TimeToLiveJitter { get; set; }

        /// <summary>What saves the fewest seconds for a byte goes first; else the least recently used, or the oldest.
        /// </summary>
        public bool WeighsEntries { get; set; } = true;

        /// <summary>From any thread; null is the system's clock. It must not call the cache. Where it throws, the
        /// system's clock stands in for that call.</summary>
        public Func<DateTimeOffset> Clock { get; set; }

        /// <summary>Called when a store fills the cache beyond 80 %, and again only after one that left it below 70 %.
        /// It must not call the cache, nor ask a generator for a picture.</summary>
        public Action<string> OnWarning { get; set; }

        /// <summary>The rule of one namespace; "*" is that of each which has none. 0 is no limit and no reserve, null no
        /// time to live; one is 1 ms to 100 years, in whole milliseconds.</summary>
        public Policy AddNamespace(
            string name, ulong limitBytes = 0, ulong reservedBytes = 0, TimeSpan? timeToLive = null)
        {
            long ttl = timeToLive is TimeSpan time ? time.Ticks / TimeSpan.TicksPerMillisecond : 0;
            if (ttl == 0 && timeToLive is TimeSpan given && given != TimeSpan.Zero)
                throw new ZimgException(Status.InvalidArgument,
                    $"the namespace '{name}' has a time to live of {given}; at least 1 ms, or none, is expected");
            rules.Add(policy =>
            {
                byte[] text = Text.Utf8(name, nameof(name), out UIntPtr size);
                IntPtr error;
                int status;
                fixed (byte* data = text)
                {
                    status = Native.zimg_policy_add_namespace(
                        policy, data, size, limitBytes, reservedBytes, ttl, &error);
                }
                ZimgException.Check(status, error);
            });
            return this;
        }

        /// <summary>The pictures of the namespace are encrypted (AES-256-GCM) under the secret by a store on a disk, where
        /// the cache URL says "encrypt=1" or where LmdbOptions have the policy; by no other cache.</summary>
        public Policy AddNamespaceSecret(string name, byte[] secret)
        {
            if (secret == null) throw new ArgumentNullException(nameof(secret));
            rules.Add(policy => Set.Secret(Native.zimg_policy_add_namespace_secret, policy, name, secret));
            return this;
        }

        /// <summary>The rule of a preset; a request names the same in its Preset. The user is who asks, for Personal.
        /// </summary>
        public Policy AddPreset(Preset preset, string user = "")
        {
            rules.Add(policy => Apply(preset, user, IntPtr.Zero, policy));
            return this;
        }

        /// <summary>"public-demo", "personal", "batch", "ab-test".</summary>
        public static Preset PresetNamed(string name)
        {
            byte[] text = Text.Utf8(name, nameof(name), out UIntPtr size);
            int preset;
            IntPtr error;
            int status;
            fixed (byte* data = text) status = Native.zimg_preset_named(data, size, &preset, &error);
            ZimgException.Check(status, error);
            return (Preset)preset;
        }

        /// <summary>What is not there is made for the call.</summary>
        internal static void Apply(Preset preset, string user, IntPtr request, IntPtr policy)
        {
            byte[] text = Text.Utf8(user, nameof(user), out UIntPtr size);
            IntPtr ownRequest = IntPtr.Zero;
            IntPtr ownPolicy = IntPtr.Zero;
            try
            {
                if (request == IntPtr.Zero) request = ownRequest = Set.Make(Native.zimg_request_create);
                if (policy == IntPtr.Zero) policy = ownPolicy = Set.Make(Native.zimg_policy_create);
                IntPtr error;
                int status;
                fixed (byte* data = text)
                {
                    status = Native.zimg_preset_apply((int)preset, data, size, request, policy, &error);
                }
                ZimgException.Check(status, error);
            }
            finally
            {
                Native.zimg_request_destroy(ownRequest);
                Native.zimg_policy_destroy(ownPolicy);
            }
        }

        /// <summary>A zimg_policy of it, which the caller destroys.</summary>
        internal IntPtr Make()
        {
            return Set.Filled(Set.Make(Native.zimg_policy_create), Fill, Native.zimg_policy_destroy);
        }

        private void Fill(IntPtr policy)
        {
            foreach (Action<IntPtr> rule in rules) rule(policy);
            Set.To(Native.zimg_policy_set_ttl_jitter, policy, TimeToLiveJitter);
            Set.To(Native.zimg_policy_set_weighs_entries, policy, WeighsEntries);
            IntPtr error;
            if (Clock != null)
            {
                IntPtr held = Held.Hold(Clock);
                int status = Native.zimg_policy_set_clock(
                    policy, Marshal.GetFunctionPointerForDelegate(now), held, Held.ReleasePointer, &error);
                if (status != 0) Held.Forget(held);
                ZimgException.Check(status, error);
            }
            if (OnWarning != null)
            {
                IntPtr held = Held.Hold(OnWarning);
                int status = Native.zimg_policy_set_warning(
                    policy, Marshal.GetFunctionPointerForDelegate(warned), held, Held.ReleasePointer, &error);
                if (status != 0) Held.Forget(held);
                ZimgException.Check(status, error);
            }
        }

        private static long Now(IntPtr userData)
        {
            try
            {
                return Held.Get<Func<DateTimeOffset>>(userData)().ToUnixTimeMilliseconds();
            }
            catch (Exception)
            {
                return DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();  // nothing may cross C
            }
        }

        private static void Warned(IntPtr userData, byte* warning, UIntPtr size)
        {
            try
            {
                Held.Get<Action<string>>(userData)(Text.From(warning, size));
            }
            catch (Exception)
            {
                // A warning that its listener fails to take is no failure of the store.
            }
        }
    }
}
