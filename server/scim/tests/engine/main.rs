//! The engine as a whole, against a strict double of the service.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod anything;
#[cfg(test)]
mod converge;
#[cfg(test)]
mod counts;
#[cfg(test)]
mod double;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod sides;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod storm;
