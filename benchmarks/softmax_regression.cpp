// Fits a softmax regression on features from two .npy files (float32 rows, int64 labels) and prints one JSON line with
// the seconds of the fit and of the search for the strength, and how a second pair of files is classified.
//   softmax_regression FEATURES.npy LABELS.npy TEST.npy TEST_LABELS.npy L2 THREADS
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "enxerto/heads/softmax_regression.h"

namespace {

using namespace enxerto;

/// The numbers behind a version 1 header; the shape is taken from the caller's knowledge of the other dimension.
template <typename T>
std::vector<T> read_npy(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.size() < 10 || bytes.compare(1, 5, "NUMPY") != 0) throw std::runtime_error(path + " is no .npy file");
  const std::size_t start = 10U + static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  std::vector<T> values((bytes.size() - start) / sizeof(T));
  std::memcpy(values.data(), bytes.data() + start, values.size() * sizeof(T));
  return values;
}

struct Set {
  std::vector<float> values;
  std::vector<std::int64_t> labels;
  Rows rows;

  Set(const std::string& features, const std::string& label_file)
      : values(read_npy<float>(features)), labels(read_npy<std::int64_t>(label_file)) {
    rows.width = values.size() / labels.size();
    for (std::size_t r = 0; r < labels.size(); ++r) rows.row.push_back(values.data() + r * rows.width);
  }
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double accuracy(const LinearClassifier& classifier, const Set& set) {
  const Tensor all = scores(classifier, set.rows);
  const auto classes = static_cast<std::ptrdiff_t>(classifier.bias.size());
  std::size_t right = 0;
  for (std::size_t r = 0; r < set.labels.size(); ++r) {
    const auto row = all.as<float>().begin() + static_cast<std::ptrdiff_t>(r) * classes;
    right += std::max_element(row, row + classes) - row == set.labels[r] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(set.labels.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const Set train(argv[1], argv[2]), test(argv[3], argv[4]);
  const auto classes = static_cast<std::size_t>(*std::max_element(train.labels.begin(), train.labels.end())) + 1;
  SoftmaxRegressionOptions options{.threads = std::atoi(argv[6]), .l2 = std::atof(argv[5]), .class_weights = {}};

  auto start = std::chrono::steady_clock::now();
  const FitReport fit = fit_softmax_regression(train.rows, train.labels, classes, options);
  const double fit_seconds = seconds_since(start);
  start = std::chrono::steady_clock::now();
  const L2Search search = search_l2(train.rows, train.labels, classes, options, {});
  const double search_seconds = seconds_since(start);
  options.l2 = search.best;
  const FitReport best = fit_softmax_regression(train.rows, train.labels, classes, options);
  std::string trials;
  for (const L2Trial& trial : search.trials)
    trials +=
        fmt::format("{}[{}, {:.4f}, {:.4f}]", trials.empty() ? "" : ", ", trial.l2, trial.accuracy, trial.log_loss);
  fmt::print(
      "{{\"rows\": {}, \"fit_seconds\": {:.3f}, \"iterations\": {}, \"converged\": {}, \"loss\": {:.6f}, "
      "\"test_accuracy\": {:.4f}, \"search_seconds\": {:.3f}, \"best_l2\": {}, \"best_test_accuracy\": {:.4f}, "
      "\"trials\": [{}]}}\n",
      train.labels.size(), fit_seconds, fit.iterations, fit.converged, fit.loss, accuracy(fit.classifier, test),
      search_seconds, search.best, accuracy(best.classifier, test), trials);
  return 0;
}
