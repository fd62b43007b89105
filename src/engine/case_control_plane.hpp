#pragma once

#include <memory>

#include "live/control_plane.hpp"

namespace trueup::engine {

/// An instance of ArgoCD that is said to have shown everything, as a Kubernetes API does: its lists are complete.
std::unique_ptr<live::ControlPlane> make_whole_plane(std::unique_ptr<live::ControlPlane> plane);

}  // namespace trueup::engine
