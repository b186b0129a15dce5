#pragma once
#include "enxerto/heads/exact_solver.h"

namespace enxerto {

/// From this strength on nothing is learned: the vectors are the features as they are.
inline constexpr double kAsTheyAre = 1e6;

/// The last layer of vectors whose cosines tell identities apart, from frozen features: centred, and scaled so that
/// what varies within identities counts the less the more it does (within-class covariance normalisation, Hatch,
/// Kajarekar, Stolcke 2006; linear discriminant analysis without leaving directions out, which for identities that were
/// never seen would be lost). With S the covariance within identities and v the mean of its diagonal the layer is
/// ((S + l2 v I) / ((1 + l2) v))^-1/2, and the mean is subtracted in the share 1 / (1 + l2). l2 is chosen by the equal
/// error rate of identities that are held out, from 0.01 to `kAsTheyAre`; with fewer than four that have two examples
/// it is that.
const ExactSolver& identity_whitening_solver();

}  // namespace enxerto
