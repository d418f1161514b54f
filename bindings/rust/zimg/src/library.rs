//! The library that was loaded.

use std::ffi::CStr;
use std::path::PathBuf;

use crate::error::made;
use crate::text::take_path;
use crate::{sys, Feature, Options, Result};

/// The release of libzimg, such as "0.1.0".
pub fn version() -> &'static str {
    unsafe { CStr::from_ptr(sys::zimg_version()) }.to_str().expect("zimg gives out UTF-8")
}

/// Major and minor number of libzimg's ABI.
pub fn abi_version() -> (u32, u32) {
    let version = unsafe { sys::zimg_abi_version() };
    (version >> 16, version & 0xffff)
}

/// Whether this build of libzimg has `feature`.
pub fn has_feature(feature: Feature) -> bool {
    unsafe { sys::zimg_has_feature(feature.into_raw()) != 0 }
}

/// Where the engine module is that a generator made of `options` (`None`: the defaults) would open. Opens nothing.
/// [`Status::Unsupported`](crate::Status::Unsupported) names the places where it was not,
/// [`Status::NotFound`](crate::Status::NotFound) an explicit path.
pub fn locate_engine(options: Option<&Options>) -> Result<PathBuf> {
    let options = options.map_or(std::ptr::null(), |options| options.as_ptr() as *const _);
    let raw = made(|out, error| unsafe { sys::zimg_locate_engine(options, out, error) })?;
    Ok(unsafe { take_path(raw) })
}
