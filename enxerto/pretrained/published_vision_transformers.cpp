#include "enxerto/pretrained/published.h"

namespace enxerto {
namespace {

using Fit = ImagePreprocess::Fit;

constexpr std::array<float, 3> kHalf{0.5F, 0.5F, 0.5F};
constexpr std::array<float, 3> kMean{0.485F, 0.456F, 0.406F}, kDeviation{0.229F, 0.224F, 0.225F};

constexpr PublishedSource kTorchvision{.name = "torchvision",
                                       .naming = "torchvision_vit",
                                       .licence = "BSD-3-Clause",
                                       .address = "https://download.pytorch.org/models/",
                                       .mean = kMean,
                                       .deviation = kDeviation};
constexpr PublishedRow kTorchvisionRows[] = {
    {.name = "vit_b16", .file = "vit_b_16-c867db91.pth", .sha256 = "c867db91", .top1 = 81.072},
    {.name = "vit_b32", .file = "vit_b_32-d86f8d99.pth", .sha256 = "d86f8d99", .top1 = 75.912},
    // 224 of 242 px.
    {.name = "vit_l16", .file = "vit_l_16-852ce7e3.pth", .sha256 = "852ce7e3", .crop_fraction = 0.9256, .top1 = 79.662},
};

/// What is on Hugging Face's hub has its SHA-256 there; a download is checked against it.
constexpr PublishedSource hub(const char* name, const char* naming, const char* address) {
  return {.name = name,
          .naming = naming,
          .licence = "Apache-2.0",
          .address = address,
          .mean = kMean,
          .deviation = kDeviation};
}

constexpr PublishedSource augreg(const char* address) {
  PublishedSource source = hub("timm", "timm_vit", address);
  source.mean = source.deviation = kHalf;
  return source;
}

constexpr PublishedSource kTimmSmall =
    augreg("https://huggingface.co/timm/vit_small_patch16_224.augreg_in21k_ft_in1k/resolve/main/");
constexpr PublishedRow kTimmSmallRows[] = {
    {.name = "vit_s16", .file = "model.safetensors", .crop_fraction = 0.9, .filter = Filter::bicubic, .top1 = 81.4},
};
constexpr PublishedSource kTimmBase =
    augreg("https://huggingface.co/timm/vit_base_patch16_224.augreg2_in21k_ft_in1k/resolve/main/");
constexpr PublishedRow kTimmBaseRows[] = {
    {.name = "vit_b16", .file = "model.safetensors", .crop_fraction = 0.9, .filter = Filter::bicubic, .top1 = 85.1},
};

constexpr PublishedSource kTimmBase32 =
    augreg("https://huggingface.co/timm/vit_base_patch32_224.augreg_in21k_ft_in1k/resolve/main/");
constexpr PublishedRow kTimmBase32Rows[] = {
    {.name = "vit_b32", .file = "model.safetensors", .crop_fraction = 0.9, .filter = Filter::bicubic},
};
constexpr PublishedSource kTimmLarge =
    augreg("https://huggingface.co/timm/vit_large_patch16_224.augreg_in21k_ft_in1k/resolve/main/");
constexpr PublishedRow kTimmLargeRows[] = {
    {.name = "vit_l16", .file = "model.safetensors", .crop_fraction = 0.9, .filter = Filter::bicubic},
};

constexpr PublishedSource google() {
  PublishedSource source =
      hub("transformers", "transformers_vit", "https://huggingface.co/google/vit-base-patch16-224/resolve/main/");
  source.mean = source.deviation = kHalf;
  source.fit = Fit::squash;
  return source;
}
constexpr PublishedSource kGoogle = google();
constexpr PublishedRow kGoogleRows[] = {{.name = "vit_b16", .file = "model.safetensors"}};

// DINOv2 was trained at 518 px and is used at 224 px, which its positions are brought to.
constexpr PublishedRow kDinov2SmallRows[] = {
    {.name = "dinov2_vits14", .file = "model.safetensors", .filter = Filter::bicubic, .classes = 0},
};
constexpr PublishedRow kDinov2BaseRows[] = {
    {.name = "dinov2_vitb14", .file = "model.safetensors", .filter = Filter::bicubic, .classes = 0},
};
constexpr PublishedSource kDinov2Small =
    hub("transformers", "transformers_dinov2", "https://huggingface.co/facebook/dinov2-small/resolve/main/");
constexpr PublishedSource kDinov2Base =
    hub("transformers", "transformers_dinov2", "https://huggingface.co/facebook/dinov2-base/resolve/main/");

/// The files that torch.hub loads.
constexpr PublishedRow kFacebookSmallRows[] = {
    {.name = "dinov2_vits14", .file = "dinov2_vits14_pretrain.pth", .filter = Filter::bicubic, .classes = 0},
};
constexpr PublishedRow kFacebookBaseRows[] = {
    {.name = "dinov2_vitb14", .file = "dinov2_vitb14_pretrain.pth", .filter = Filter::bicubic, .classes = 0},
};
constexpr PublishedSource kFacebookSmall =
    hub("facebook", "dinov2", "https://dl.fbaipublicfiles.com/dinov2/dinov2_vits14/");
constexpr PublishedSource kFacebookBase =
    hub("facebook", "dinov2", "https://dl.fbaipublicfiles.com/dinov2/dinov2_vitb14/");

}  // namespace

std::vector<PretrainedSpec> published_vision_transformers() {
  return published_specs({{&kTorchvision, kTorchvisionRows},
                          {&kTimmSmall, kTimmSmallRows},
                          {&kTimmBase, kTimmBaseRows},
                          {&kTimmBase32, kTimmBase32Rows},
                          {&kTimmLarge, kTimmLargeRows},
                          {&kGoogle, kGoogleRows},
                          {&kDinov2Small, kDinov2SmallRows},
                          {&kDinov2Base, kDinov2BaseRows},
                          {&kFacebookSmall, kFacebookSmallRows},
                          {&kFacebookBase, kFacebookBaseRows}});
}

}  // namespace enxerto
