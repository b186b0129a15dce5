#include "enxerto/zoo/wav2vec2.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/log_mel_rows.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kOnnxFloat = 1;    // of ONNX's Cast
constexpr float kFeatureEpsilon = 1e-5F;  // of the convolutions
constexpr const char* kSampleCount = "sample_count";

std::string turned_rows(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.add("Transpose", name, {x}, {{"perm", Ints{0, 2, 1}}});
}

/// Writes the network down; `config` outlives it.
class Wav2Vec2Network {
 public:
  explicit Wav2Vec2Network(const Wav2Vec2Config& config) : config_(config), net_(config.name) {}

  Blueprint build() && {
    net_.stage("features");
    const std::string samples = net_.input("samples", {"batch", "frames", config_.step()});
    mask_ = net_.input(kTokenMask, {"batch", "frames"}, DType::i64);
    std::string x = convolved(samples);
    net_.stage("projection");
    x = placed(projected(x));
    const Attention attention{.heads = config_.sizes.heads,
                              .head_width = config_.sizes.width / config_.sizes.heads,
                              .mask = attention_mask(net_, {.ids = "", .mask = mask_, .positions = ""}, false)};
    for (std::int64_t i = 0; i < config_.sizes.depth; ++i) {
      net_.stage(fmt::format("block{}", i));
      x = block(x, fmt::format("blocks.{}.", i), attention);
    }
    if (config_.norm_first) x = net_.layer_norm(x, "norm", config_.epsilon);
    net_.output(x, kTokenStates);
    return std::move(net_).finish();
  }

 private:
  /// (batch, frames, step) -> (batch, frames, channels). Silence behind the samples makes as many frames as there are
  /// rows; those of them that hear it do not count.
  std::string convolved(const std::string& samples) {
    std::string x = net_.add("Reshape", "features.samples", {samples, net_.integers({0, 1, -1})});
    for (std::size_t i = 0; i < config_.convolutions.size(); ++i) {
      const TimeConvolution& spec = config_.convolutions[i];
      const std::string name = fmt::format("features.{}", i);
      std::vector<std::string> inputs{
          x, net_.parameter(name + ".conv.weight", {spec.channels, net_.shape_of(x)[1].size, spec.kernel})};
      if (config_.convolution_bias) inputs.push_back(net_.parameter(name + ".conv.bias", {spec.channels}));
      x = net_.add("Conv", name + ".conv", inputs,
                   {{"pads", Ints{0, spec.kernel - spec.stride}}, {"strides", Ints{spec.stride}}});
      if (config_.norm == Wav2Vec2Config::Norm::layer) {
        x = net_.layer_norm(turned_rows(net_, x, name + ".rows"), name + ".norm", kFeatureEpsilon);
        x = turned_rows(net_, x, name + ".columns");
      } else if (i == 0) {
        x = normalised_over_time(x, name + ".norm");
      }
      x = activated(net_, x, name + ".act", config_.convolution_activation);
    }
    return turned_rows(net_, x, "features");
  }

  /// (batch, 1, places) of 1 where the first convolution hears nothing from behind the recording.
  std::string first_places(const std::string& name) {
    const TimeConvolution& first = config_.convolutions.front();
    const std::int64_t of_row = config_.step() / first.stride;
    const std::string count = net_.input(kSampleCount, {"batch", 1}, DType::i64);
    const auto number = [&](std::int64_t value) { return net_.constant(Tensor::scalar<std::int64_t>(value)); };
    const std::string ones =
        net_.add("Add", name + ".ones", {net_.add("Mul", name + ".none", {mask_, number(0)}), number(1)});
    const std::string rows = net_.add("CumSum", name + ".rows", {ones, number(1)});  // from 1
    const std::string begins = net_.add("Mul", name + ".begins", {rows, number(config_.step())});
    Ints ends(to_size(of_row));  // of each window, from the row before
    for (std::size_t i = 0; i < ends.size(); ++i)
      ends[i] = static_cast<std::int64_t>(i) * first.stride + first.kernel - config_.step();
    const std::string column = net_.add("Unsqueeze", name + ".column", {begins, net_.integers({2})});
    const std::string all = net_.add("Add", name + ".ends", {column, net_.integers(ends)});
    const std::string flat = net_.add("Reshape", name + ".flat", {all, net_.integers({0, -1})});
    const std::string inside = net_.add("LessOrEqual", name + ".inside", {flat, count});
    const std::string counts = net_.add("Cast", name + ".counts", {inside}, {{"to", kOnnxFloat}});
    return net_.add("Unsqueeze", name + ".places", {counts, net_.integers({1})});
  }

  /// Each channel (batch, channels, places) brought to mean 0 and deviation 1 over the places that count, then scaled
  /// and shifted.
  std::string normalised_over_time(const std::string& x, const std::string& name) {
    const std::int64_t channels = net_.shape_of(x)[1].size;
    const std::string places = first_places(name);
    const std::string number = net_.add("ReduceSum", name + ".number", {places, net_.integers({2})});
    const std::string upright = turned_rows(net_, places, name + ".upright");
    const auto mean = [&](const std::string& of, const std::string& called) {
      return net_.add("Div", called, {net_.add("MatMul", called + ".sum", {of, upright}), number});
    };
    const std::string centred = net_.add("Sub", name + ".centred", {x, mean(x, name + ".mean")});
    const std::string variance = mean(net_.add("Mul", name + ".squares", {centred, centred}), name + ".variance");
    const std::string raised =
        net_.add("Add", name + ".raised", {variance, net_.constant(Tensor::scalar(kFeatureEpsilon))});
    const auto column = [&](const char* part) {
      return net_.add("Unsqueeze", name + "." + part + ".column",
                      {net_.parameter(name + "." + part, {channels}), net_.integers({1})});
    };
    const std::string scale =
        net_.add("Div", name + ".scale", {column("weight"), net_.add("Sqrt", name + ".deviation", {raised})});
    return net_.add("Add", name, {net_.add("Mul", name + ".scaled", {centred, scale}), column("bias")});
  }

  std::string projected(const std::string& x) {
    const std::string frames = config_.normed_frames ? net_.layer_norm(x, "projection.norm", config_.epsilon) : x;
    return where_it_counts(net_, net_.dense(frames, "projection", config_.sizes.width), mask_, "projection");
  }

  /// Where each frame stands is told by what is around it.
  std::string placed(const std::string& x) {
    const std::int64_t width = config_.sizes.width, kernel = config_.position_kernel;
    const std::string around =
        net_.add("Conv", "position.conv",
                 {turned_rows(net_, x, "position.columns"),
                  net_.parameter("position.weight", {width, width / config_.position_groups, kernel}),
                  net_.parameter("position.bias", {width})},
                 {{"pads", Ints{kernel / 2, kernel - 1 - kernel / 2}},
                  {"strides", Ints{1}},
                  {"group", config_.position_groups}});
    const std::string place = activated(net_, around, "position.act", config_.convolution_activation);
    const std::string sum = net_.add("Add", "position", {x, turned_rows(net_, place, "position.rows")});
    return config_.norm_first ? sum : net_.layer_norm(sum, "norm", config_.epsilon);
  }

  std::string block(const std::string& x, const std::string& scope, const Attention& attention) {
    const auto norm = [&](const std::string& of, const char* which) {
      return net_.layer_norm(of, scope + which, config_.epsilon);
    };
    const auto mixed = [&](const std::string& of) { return self_attention(net_, of, scope + "attn.", attention); };
    const auto thought = [&](const std::string& of) {
      return feed_forward(net_, of, scope + "mlp.", config_.sizes.hidden, config_.activation);
    };
    const auto add = [&](const std::string& a, const std::string& b, const char* which) {
      return net_.add("Add", scope + which, {a, b});
    };
    if (config_.norm_first) {
      const std::string middle = add(x, mixed(norm(x, "norm1")), "add1");
      return add(middle, thought(norm(middle, "norm2")), "add2");
    }
    const std::string middle = norm(add(x, mixed(x), "add1"), "norm1");
    return norm(add(middle, thought(middle), "add2"), "norm2");
  }

  const Wav2Vec2Config& config_;
  GraphBuilder net_;
  std::string mask_;
};

void check_sound(const Wav2Vec2Config& config) {
  check(config.name, config.sizes);
  const auto fail = [&](std::string found, std::string expected) {
    throw usage_error(config.name, std::move(found), std::move(expected));
  };
  constexpr std::int64_t kMost = 1'000'000, kMostStep = 16'000;
  if (config.convolutions.empty()) fail("no convolutions", "at least one");
  for (const TimeConvolution& one : config.convolutions)
    if (one.channels < 1 || one.channels > kMost || one.stride < 1 || one.kernel < one.stride || one.kernel > kMost)
      fail(fmt::format("a convolution of {} channels, a kernel of {} and a stride of {}", one.channels, one.kernel,
                       one.stride),
           "a kernel at least as long as the stride");
  if (config.step() > kMostStep) fail(fmt::format("a frame each {} samples", config.step()), "at most 16000");
  if (config.position_kernel < 1 || config.position_kernel > kMost || config.position_groups < 1 ||
      config.sizes.width % config.position_groups != 0)
    fail(fmt::format("{} groups and a kernel of {} for positions", config.position_groups, config.position_kernel),
         fmt::format("a number of groups that divides {}", config.sizes.width));
}

}  // namespace

std::int64_t Wav2Vec2Config::step() const {
  constexpr std::int64_t kFar = std::int64_t{1} << 40;
  std::int64_t product = 1;
  for (const TimeConvolution& one : convolutions) product *= std::clamp<std::int64_t>(one.stride, 1, kFar / product);
  return product;
}

std::int64_t Wav2Vec2Config::reach() const {
  std::int64_t reach = 1;
  for (auto one = convolutions.rbegin(); one != convolutions.rend(); ++one)
    reach = (reach - 1) * one->stride + one->kernel;
  return reach;
}

Blueprint wav2vec2(const Wav2Vec2Config& config) {
  check_sound(config);
  return Wav2Vec2Network(config).build();
}

}  // namespace enxerto
