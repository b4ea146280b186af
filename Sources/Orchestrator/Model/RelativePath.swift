// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The path as it is, or, when it is relative, in `folder`.
    package func path(in folder: String) -> String { hasPrefix("/") ? self : folder + "/" + self }
}
