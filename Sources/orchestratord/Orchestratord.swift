// SPDX-License-Identifier: Apache-2.0

@main
struct Orchestratord {
    static func main() { print("orchestratord") }
}
