// Manual pages in the macros of man(7), made of what the help says.
#pragma once

#include <string>

#include "app/command_line.hpp"

namespace zimg::app {

// "zimg-draw", the name of the page of what is called by `words`, "zimg draw".
std::string page_name(std::string words);

// The page of `command`, which is called by `words` ("zimg draw"). The page of the whole program names the others.
std::string man_page(const CommandText& command, const std::string& words);

}  // namespace zimg::app
