// The program with all its commands.
#pragma once

#include "app/command_line.hpp"

namespace zimg::app {

class ZimgProgram : public Program {
 public:
  ZimgProgram();
};

}  // namespace zimg::app
