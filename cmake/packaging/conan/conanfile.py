"""The recipe of zimg for Conan 2: `conan create cmake/packaging/conan`.

Without the engine: libtorch as zimg needs it is no Conan package. `-o zimg/*:engine=True` builds it with the libtorch that
the environment variable ZIMG_TORCH names. `-o zimg/*:system_libraries=True` takes the libraries of the machine instead of
Conan's, and then needs no remote.
"""
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load

ROOT = os.path.join("..", "..", "..")


class ZimgConan(ConanFile):
    name = "zimg"
    license = "Apache-2.0"
    description = "Draws pictures with Z-Image-Turbo and never the same one twice"
    settings = "os", "arch", "compiler", "build_type"
    package_type = "library"
    options = {"shared": [True, False], "fPIC": [True, False], "engine": [True, False], "tool": [True, False],
               "system_libraries": [True, False]}
    default_options = {"shared": True, "fPIC": True, "engine": False, "tool": False, "system_libraries": False}

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, ROOT, "CMakeLists.txt"))
        self.version = text.split("project(zimg VERSION ")[1].split()[0]

    def export_sources(self):
        source = os.path.join(self.recipe_folder, ROOT)
        for pattern in ("CMakeLists.txt", "LICENSE", "NOTICE", "capi/*", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, source, self.export_sources_folder)

    def configure(self):
        if self.options.shared:
            self.options.rm_safe("fPIC")

    def requirements(self):
        if self.options.system_libraries:
            return
        for package in ("libjpeg-turbo/[>=2.1 <4]", "libpng/[>=1.6 <2]", "lmdb/[>=0.9.24 <1]", "openssl/[>=3 <4]",
                        "utf8proc/[>=2 <3]", "xxhash/[>=0.8 <1]", "zlib/[>=1.2 <2]"):
            self.requires(package)
        self.requires("nlohmann_json/[>=3.11 <4]", visible=False)
        if self.options.tool:
            self.requires("cli11/[>=2.1 <3]", visible=False)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.variables["ZIMG_ENGINE"] = bool(self.options.engine)
        toolchain.variables["ZIMG_APP"] = bool(self.options.tool)
        toolchain.variables["ZIMG_TESTS"] = False
        toolchain.variables["ZIMG_BENCH"] = False
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        # zimg's own package for CMake is what a program finds; it names what the archive needs.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.set_property("pkg_config_name", "zimg")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "zimg")]
        self.cpp_info.libs = ["zimg"]
        if not self.options.shared:
            self.cpp_info.system_libs = ["stdc++", "m", "dl", "pthread"]
            if self.options.system_libraries:
                self.cpp_info.system_libs += ["lmdb", "crypto", "png16", "turbojpeg", "utf8proc", "xxhash", "z"]
