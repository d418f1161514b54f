//! How an enumeration of zimg.h is made.

use std::ffi::CStr;
use std::os::raw::c_char;

/// An enumeration with the numbers that C has for it. One that zimg gives out also has room for what a newer release adds.
macro_rules! enumeration {
    ($(#[$note:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $raw:ident),+ $(,)? }) => {
        $(#[$note])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$each])* $variant,)+
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub(crate) fn into_raw(self) -> i32 {
                match self {
                    $(Self::$variant => sys::$raw,)+
                }
            }
        }
    };
    (open $(#[$note:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $raw:ident),+ $(,)? }) => {
        $(#[$note])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$each])* $variant,)+
            /// A number that a newer libzimg has and this crate does not know.
            Other(i32),
        }

        #[allow(dead_code)]
        impl $name {
            /// Every one that this crate knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub(crate) fn from_raw(raw: i32) -> Self {
                match raw {
                    $(sys::$raw => Self::$variant,)+
                    other => Self::Other(other),
                }
            }

            pub(crate) fn into_raw(self) -> i32 {
                match self {
                    $(Self::$variant => sys::$raw,)+
                    Self::Other(raw) => raw,
                }
            }
        }
    };
}

/// Gives an enumeration the names that zimg has for it.
macro_rules! named {
    ($name:ident, $function:ident) => {
        impl $name {
            /// As zimg writes it.
            pub fn name(self) -> &'static str {
                static_text(unsafe { sys::$function(self.into_raw()) })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.name())
            }
        }
    };
}

/// What zimg gives out for as long as the process lives.
pub(crate) fn static_text(text: *const c_char) -> &'static str {
    unsafe { CStr::from_ptr(text) }.to_str().expect("zimg gives out UTF-8")
}
