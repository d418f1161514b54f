// The ending of a file's name, by which people tell what kind of file it is.
#pragma once

#include <string>

namespace zimg::app {

// ".png" of "Circle.PNG": in lower case, with its dot; empty for a name that has none, such as ".png" itself.
std::string file_ending(const std::string& path);

}  // namespace zimg::app
