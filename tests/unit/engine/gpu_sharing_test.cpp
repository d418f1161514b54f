#include "engine/pipeline/gpu_sharing.hpp"

#include <boost/test/unit_test.hpp>

#include "engine/pipeline/model_parts.hpp"
#include "models/formula_model.hpp"
#include "temporary_folder.hpp"

using namespace zimg;
using namespace zimg::engine;

namespace {

struct Folder {
  Folder() { zimg_test::write_formula_model(folder.path()); }
  zimg_test::TemporaryFolder folder;
};

struct Models : Folder {
  static ComputePlan plan() {
    ComputePlan plan;
    plan.text_encoder = plan.denoiser = plan.vae = PrecisionChoice::kFp32;
    return plan;
  }

  ModelParts first{checkpoint::ModelFolder::open(folder.path()), plan()};
  ModelParts second{checkpoint::ModelFolder::open(folder.path()), plan()};
};

}  // namespace

// On the CPU, where parts can be loaded in any test; who is on a GPU is there from the start.
BOOST_FIXTURE_TEST_SUITE(gpu_sharing, Models)

BOOST_AUTO_TEST_CASE(who_has_no_room_has_the_parts_of_others_let_go) {
  second.text_encoder();
  BOOST_TEST(!others_hold_parts(first));  // not yet known to be there
  add_gpu_user(first);
  add_gpu_user(second);
  BOOST_TEST(others_hold_parts(first));
  BOOST_TEST(!others_hold_parts(second));
  first.denoiser();
  release_parts_of_others(first);
  BOOST_TEST(first.holds_parts());
  BOOST_TEST(!second.holds_parts());
  second.text_encoder();  // loads it again
  first.release_all();    // as it is on the CPU: it may not touch what others use on a GPU meanwhile
  BOOST_TEST(!first.holds_parts());
  BOOST_TEST(second.holds_parts());
}

BOOST_AUTO_TEST_CASE(who_is_gone_is_known_no_more) {
  {
    ModelParts third{checkpoint::ModelFolder::open(folder.path()), plan()};
    add_gpu_user(third);
    third.decoder();
    BOOST_TEST(others_hold_parts(first));
  }
  BOOST_TEST(!others_hold_parts(first));
  BOOST_CHECK_NO_THROW(release_parts_of_others(first));
}

BOOST_AUTO_TEST_SUITE_END()
