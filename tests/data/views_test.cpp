#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/relabel.h"

namespace enxerto {
namespace {

/// An example that is its name and its label.
class Named final : public Example {
 public:
  Named(std::string name, std::int64_t label) : name_(std::move(name)), label_(label) {}
  std::string id() const override { return name_; }
  std::int64_t label() const override { return label_; }
  Tensor bytes() const override { return Tensor(); }
  std::optional<RawPixels> raw() const override { return std::nullopt; }
  std::optional<FileIdentity> file() const override { return std::nullopt; }

 private:
  std::string name_;
  std::int64_t label_;
};

class NamedSet final : public Dataset {
 public:
  NamedSet(std::string prefix, std::vector<std::int64_t> labels, std::vector<std::string> classes)
      : prefix_(std::move(prefix)), labels_(std::move(labels)), classes_(std::move(classes)) {}
  std::size_t size() const override { return labels_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<Named>(prefix_ + std::to_string(position), labels_.at(position));
  }
  std::int64_t label(std::size_t position) const override { return labels_.at(position); }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  std::string prefix_;
  std::vector<std::int64_t> labels_;
  std::vector<std::string> classes_;
};

DatasetPtr named(std::string prefix, std::vector<std::int64_t> labels, std::vector<std::string> classes = {"a", "b"}) {
  return std::make_shared<NamedSet>(std::move(prefix), std::move(labels), std::move(classes));
}

/// Examples with targets: number n has n at the first place and 0 elsewhere.
class Targeted final : public Dataset {
 public:
  Targeted(TargetKind kind, std::size_t size, std::vector<std::string> names)
      : kind_(kind), size_(size), names_(std::move(names)) {}
  std::size_t size() const override { return size_; }
  std::unique_ptr<Example> get(std::size_t) const override { return std::make_unique<Named>("x", -1); }
  std::int64_t label(std::size_t) const override { return -1; }
  const std::vector<std::string>& classes() const override { return names_; }
  TargetKind target_kind() const override { return kind_; }
  std::vector<float> targets(std::size_t position) const override {
    std::vector<float> targets(names_.size());
    targets[0] = static_cast<float>(position);
    return targets;
  }

 private:
  TargetKind kind_;
  std::size_t size_;
  std::vector<std::string> names_;
};

DatasetPtr targeted(TargetKind kind, std::size_t size, std::vector<std::string> names = {"a", "b"}) {
  return std::make_shared<Targeted>(kind, size, std::move(names));
}

TEST(Views, PassTargetsOn) {
  const DatasetPtr values = targeted(TargetKind::values, 5);
  const DatasetPtr part = subset(values, {4, 2});
  EXPECT_EQ(part->target_kind(), TargetKind::values);
  EXPECT_EQ(part->targets(0), (std::vector<float>{4, 0}));
  EXPECT_EQ(take(values, 3)->targets(2), (std::vector<float>{2, 0}));
  const DatasetPtr both = concatenate({part, values});
  EXPECT_EQ(both->target_kind(), TargetKind::values);
  EXPECT_EQ(both->targets(3), (std::vector<float>{1, 0}));
  EXPECT_THROW(first_per_class(values, 1), Error);
  EXPECT_THROW(concatenate({values, targeted(TargetKind::multi_label, 1)}), Error);
}

TEST(Relabel, OrdersLabelsAndValuesByName) {
  const Relabelled values = relabel(targeted(TargetKind::values, 3), {"b", "a"});
  EXPECT_EQ(values.dataset->targets(2), (std::vector<float>{0, 2}));
  EXPECT_EQ(values.dataset->target_kind(), TargetKind::values);
  EXPECT_TRUE(values.missing.empty());
  const Relabelled labels = relabel(targeted(TargetKind::multi_label, 2, {"a", "zebra"}), {"c", "a"});
  EXPECT_EQ(labels.dataset->targets(1), (std::vector<float>{0, 1}));
  EXPECT_EQ(labels.missing, std::vector<std::string>{"c"});
  EXPECT_EQ(labels.unknown, std::vector<std::string>{"zebra"});
  EXPECT_EQ(labels.left_out, 0U);
}

TEST(Relabel, RefusesAValueThatIsNotThere) {
  EXPECT_THROW(relabel(targeted(TargetKind::values, 3), {"a", "c"}), Error);
}

TEST(Concatenate, HasTheExamplesOfAllPartsInOrder) {
  const DatasetPtr all = concatenate({named("x", {0, 1}), nullptr, named("empty", {}), named("y", {1})});
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->get(1)->id(), "x1");
  EXPECT_EQ(all->get(2)->id(), "y0");
  EXPECT_EQ(all->label(2), 1);
}

TEST(Concatenate, RefusesPartsWithDifferentClasses) {
  EXPECT_THROW((void)concatenate({named("x", {0}), named("y", {0}, {"a", "c"})}), Error);
}

TEST(Relabel, MatchesClassesByNameNotByPosition) {
  const Relabelled view = relabel(named("x", {0, 1, 0}, {"b", "a"}), {"a", "b", "c"});
  ASSERT_EQ(view.dataset->size(), 3U);
  EXPECT_EQ(view.dataset->label(0), 1);
  EXPECT_EQ(view.dataset->get(1)->label(), 0);
  EXPECT_EQ(view.missing, std::vector<std::string>{"c"});
  EXPECT_TRUE(view.unknown.empty());
}

TEST(Relabel, LeavesOutExamplesOfUnknownClassesAndCountsThem) {
  const Relabelled view = relabel(named("x", {0, 1, 1}, {"a", "zebra"}), {"a"});
  ASSERT_EQ(view.dataset->size(), 1U);
  EXPECT_EQ(view.dataset->get(0)->id(), "x0");
  EXPECT_EQ(view.left_out, 2U);
  EXPECT_EQ(view.unknown, std::vector<std::string>{"zebra"});
}

}  // namespace
}  // namespace enxerto
