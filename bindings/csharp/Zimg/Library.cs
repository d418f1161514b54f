using Zimg.Raw;

namespace Zimg
{
    /// <summary>The library libzimg that was loaded.</summary>
    public static unsafe class Library
    {
        /// <summary>For example "0.1.0".</summary>
        public static string Version => Text.FromEnded(Native.zimg_version());

        /// <summary>Major and minor number of its C ABI. This assembly needs major 0, minor 1 or later.</summary>
        public static System.Version AbiVersion
        {
            get
            {
                uint version = Native.zimg_abi_version();
                return new System.Version((int)(version >> 16), (int)(version & 0xFFFF));
            }
        }

        /// <summary>What it was built with.</summary>
        public static bool Has(Feature feature)
        {
            return Native.zimg_has_feature((int)feature) != 0;
        }
    }
}
