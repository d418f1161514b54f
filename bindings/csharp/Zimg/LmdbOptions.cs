using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>A store on a disk. null: as the URL has it, or the default.</summary>
    public sealed unsafe class LmdbOptions
    {
        /// <summary>"lmdb:…", or "" for the default place.</summary>
        public string Url { get; set; }

        /// <summary>A folder, created 0700 with its parents when absent.</summary>
        public string Path { get; set; }

        /// <summary>4 MiB to 16 TiB, rounded down to a multiple of 65,536; 0: the store's own, or for a new one the
        /// smaller of 10 GiB and 10 % of the free disk.</summary>
        public ulong? CapacityBytes { get; set; }

        /// <summary>How long a writer may wait for another process; 100 unless it is set.</summary>
        public uint? LockTimeoutMs { get; set; }

        /// <summary>Also on a network file system, where LMDB's locks do not hold across machines; else it is refused.
        /// </summary>
        public bool? AllowNetwork { get; set; }
        public Policy Policy { get; set; }

        /// <summary>The pictures of such a namespace are encrypted (AES-256-GCM) under its secret. Those of the policy are
        /// added.</summary>
        public Dictionary<string, byte[]> NamespaceSecrets { get; } = new Dictionary<string, byte[]>();

        internal IntPtr Make()
        {
            IntPtr made = Url == null
                ? Set.Make(Native.zimg_lmdb_options_create)
                : Set.Make(Native.zimg_lmdb_options_from_url, Url, "Url");
            return Set.Filled(made, Fill, Native.zimg_lmdb_options_destroy);
        }

        private void Fill(IntPtr options)
        {
            if (Path != null) Set.To(Native.zimg_lmdb_options_set_path, options, Path, "Path");
            if (CapacityBytes is ulong capacity)
            {
                Set.To(Native.zimg_lmdb_options_set_capacity_bytes, options, capacity);
            }
            if (LockTimeoutMs is uint timeout)
            {
                Set.To(Native.zimg_lmdb_options_set_lock_timeout_ms, options, timeout);
            }
            if (AllowNetwork is bool isAllowed)
            {
                Set.To(Native.zimg_lmdb_options_set_allow_network, options, isAllowed);
            }
            if (Policy != null)
            {
                IntPtr policy = Policy.Make();
                try
                {
                    IntPtr error;
                    ZimgException.Check(Native.zimg_lmdb_options_set_policy(options, policy, &error), error);
                }
                finally
                {
                    Native.zimg_policy_destroy(policy);
                }
            }
            foreach (KeyValuePair<string, byte[]> secret in NamespaceSecrets)
            {
                Set.Secret(Native.zimg_lmdb_options_add_namespace_secret, options, secret.Key, secret.Value);
            }
        }
    }
}
