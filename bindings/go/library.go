package zimg

// #include "glue.h"
import "C"

// Version is the release of libzimg, such as "0.1.0".
func Version() string {
	return C.GoString(C.zimg_version())
}

// ABIVersion is the major and minor number of libzimg's ABI.
func ABIVersion() (major, minor uint32) {
	version := uint32(C.zimg_abi_version())
	return version >> 16, version & 0xffff
}

// HasFeature says whether this build of libzimg has feature.
func HasFeature(feature Feature) bool {
	return C.zimg_has_feature(C.zimg_feature(feature)) != 0
}

// LocateEngine says where the engine module is that a generator made of options would open. It opens nothing.
// ErrUnsupported names the places where it was not, ErrNotFound an explicit path.
func LocateEngine(options Options) (string, error) {
	raw, err := options.make(&failure{})
	if err != nil {
		return "", err
	}
	defer C.zimg_options_destroy(raw)
	var out *C.zimg_text
	var failed *C.zimg_error
	if err := check(C.zimg_locate_engine(raw, &out, &failed), failed); err != nil {
		return "", err
	}
	return takeText(out), nil
}

// BuiltinModelPath is the folder of the built-in model.
func BuiltinModelPath() (string, error) {
	var out *C.zimg_text
	var failed *C.zimg_error
	if err := check(C.zimg_builtin_model_path(&out, &failed), failed); err != nil {
		return "", err
	}
	return takeText(out), nil
}
