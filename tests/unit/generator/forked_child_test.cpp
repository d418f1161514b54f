// A child of fork() has one thread and locks that may be held for ever: a Generator that it inherited must say so at
// once and never wait.
#include "forked_child.hpp"
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::Gate;
using zimg_test::GeneratorFixture;
using zimg_test::in_child;
using zimg_test::OwnHome;
using zimg_test::small_request;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

template <class Body>
bool is_closed(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.code() == ErrorCode::kClosed;
  }
  return false;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forked_child, GeneratorFixture)

BOOST_AUTO_TEST_CASE(is_told_that_the_generator_is_not_its_own) {
  Gate gate;
  hold_drawings(gate);
  auto generator = std::make_unique<Generator>(options(), cache);
  auto asked = ask(*generator, small_request("a red circle"));  // so that there is a thread to miss in the child
  BOOST_TEST(asked->aboard->pass());
  const int code = in_child([&] {
    const Request request = small_request("a red circle");
    if (!is_closed([&] { generator->generate(request); })) return 1;
    if (!is_closed([&] { generator->key(request); })) return 2;
    if (!is_closed([&] { generator->explain_key(request); })) return 3;
    if (!is_closed([&] { generator->drain(); })) return 4;
    if (!is_closed([&] { static_cast<void>(generator->model_name()); })) return 5;
    if (!is_closed([&] { static_cast<void>(generator->is_builtin_model()); })) return 6;
    generator.reset();
    return 0;
  });
  BOOST_TEST(code == 0);
  gate.open();
  BOOST_TEST(!asked->result.get().bytes->empty());
}

BOOST_AUTO_TEST_CASE(may_assign_over_the_generator) {
  Gate gate;
  hold_drawings(gate);
  Generator generator(options(), cache);
  auto asked = ask(generator, small_request("a red circle"));
  BOOST_TEST(asked->aboard->pass());
  const int code = in_child([&] {
    generator = Generator(options(), nullptr);
    return generator.model_name().empty() ? 1 : 0;
  });
  BOOST_TEST(code == 0);
  gate.open();
  asked->result.get();
}

#ifndef __SANITIZE_THREAD__  // which lets the child of a process with several threads start none
BOOST_AUTO_TEST_CASE(draws_with_a_generator_of_its_own) {
  Generator parent(options(), cache);
  parent.generate(small_request("a red circle"));
  const int code = in_child([&] {
    Generator own(options(), nullptr);
    return own.generate(small_request("a red circle")).report.outcome == Outcome::kDrawn ? 0 : 1;
  });
  BOOST_TEST(code == 0);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
