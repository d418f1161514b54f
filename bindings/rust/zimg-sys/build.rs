//! Finds libzimg: in the folder ZIMG_LIB_DIR where that is set, else where pkg-config says that `zimg` is.
//!
//! A crate that wants the folder in its own program's run path reads it in its build script as DEP_ZIMG_LIB_DIR. Cargo sets
//! that for direct dependents alone: such a crate names `zimg-sys` among its own dependencies, beside `zimg`.

use std::env;
use std::process::{exit, Command};

fn main() {
    println!("cargo:rerun-if-env-changed=ZIMG_LIB_DIR");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
    let folder = match env::var("ZIMG_LIB_DIR") {
        Ok(folder) if !folder.is_empty() => folder,
        _ => folder_by_pkg_config().unwrap_or_else(|sentence| {
            eprintln!("{sentence}. Install zimg, or set ZIMG_LIB_DIR to the folder that has libzimg.so");
            exit(1);
        }),
    };
    println!("cargo:rustc-link-search=native={folder}");
    println!("cargo:rustc-link-lib=dylib=zimg");
    println!("cargo:lib_dir={folder}");
}

/// The `libdir` of the package `zimg`, or one sentence that says why there is none.
fn folder_by_pkg_config() -> Result<String, String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".to_string());
    let output = Command::new(&program)
        .args(["--variable=libdir", "zimg"])
        .output()
        .map_err(|error| format!("`{program}` could not be run: {error}"))?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_string();
    if output.status.success() && !folder.is_empty() {
        return Ok(folder);
    }
    let reason = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("it names no libdir").to_string();
    Err(format!("`{program} --variable=libdir zimg` does not find zimg: {reason}"))
}
