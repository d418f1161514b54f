//! Owners and views of the handles of the C API.

/// A type that owns a handle: it is destroyed with it.
macro_rules! handle {
    ($(#[$note:meta])* $name:ident, $raw:ident, $destroy:ident) => {
        $(#[$note])*
        pub struct $name {
            raw: std::ptr::NonNull<$crate::sys::$raw>,
        }

        #[allow(dead_code)]
        impl $name {
            /// Takes over `raw`, which is not null and which nobody else destroys.
            pub(crate) unsafe fn own(raw: *mut $crate::sys::$raw) -> Self {
                Self { raw: std::ptr::NonNull::new(raw).expect("zimg gave no handle for a success") }
            }

            /// The handle in C, for [`crate::sys`]. It lives as long as `self` and is not destroyed by the caller.
            pub fn as_ptr(&self) -> *mut $crate::sys::$raw {
                self.raw.as_ptr()
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { $crate::sys::$destroy(self.raw.as_ptr()) }
            }
        }

        // A handle may move to another thread, and may be read by several (convention 6 of zimg.h); what writes it takes
        // `&mut self` unless zimg allows it from any thread.
        unsafe impl Send for $name {}
        unsafe impl Sync for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

/// A type that only exists behind a reference: what zimg hands out for a while.
macro_rules! view {
    ($(#[$note:meta])* $name:ident, $raw:ident) => {
        $(#[$note])*
        #[repr(transparent)]
        pub struct $name($crate::sys::$raw);

        #[allow(dead_code)]
        impl $name {
            /// A view of `raw`, which is not null and outlives `'a`.
            pub(crate) unsafe fn of<'a>(raw: *const $crate::sys::$raw) -> &'a Self {
                &*raw.cast()
            }

            /// The handle in C, for [`crate::sys`].
            pub fn as_ptr(&self) -> *const $crate::sys::$raw {
                (self as *const Self).cast()
            }
        }

        // It is only read, which any number of threads may do.
        unsafe impl Send for $name {}
        unsafe impl Sync for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}
